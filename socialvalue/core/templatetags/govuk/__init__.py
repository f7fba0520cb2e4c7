"""What the ``govuk`` template pack needs to know about a bound field to draw it.

The pack (``templates/govuk/``) holds markup only; this package turns a Django bound field into a
:class:`Control`: identifiers, hint, errors, options and attributes in the shape of govuk-frontend's
components, so that the templates can be compared with its fixtures.
"""

from socialvalue.core.templatetags.govuk.controls import Control, build_control
from socialvalue.core.templatetags.govuk.kinds import error_target, kind_of, revealed_names
from socialvalue.core.templatetags.govuk.library import register
from socialvalue.core.templatetags.govuk.problems import Problem, problems_of

__all__ = [
    "Control",
    "Problem",
    "build_control",
    "error_target",
    "kind_of",
    "problems_of",
    "register",
    "revealed_names",
]
