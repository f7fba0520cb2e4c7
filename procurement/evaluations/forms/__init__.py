from procurement.evaluations.forms.marking import (
    MarkingForm,
    ModeratingForm,
    moderated_asked,
    own_asked,
)
from procurement.evaluations.forms.panel import (
    AddMemberForm,
    DecisionForm,
    DeclarationForm,
    LockForm,
    RecusalForm,
    WordingForm,
)
from procurement.evaluations.forms.ruling import LiftRulingForm, RuleOutForm
from procurement.evaluations.forms.whole import WholeForm

__all__ = [
    "AddMemberForm",
    "DecisionForm",
    "DeclarationForm",
    "LiftRulingForm",
    "LockForm",
    "MarkingForm",
    "ModeratingForm",
    "RecusalForm",
    "RuleOutForm",
    "WholeForm",
    "WordingForm",
    "moderated_asked",
    "own_asked",
]
