"""Components of every page: one tag, one template in ``templates/components/``.

Tags show what they are given: no query, no rule, no arithmetic beyond the width of a bar. Each is
shown with its source on the style guide page. Importing a part puts its tags into ``register``,
which is what ``{% load ui %}`` reads.
"""

from socialvalue.core.templatetags.ui import actions, figures, filters, frame, records, tables
from socialvalue.core.templatetags.ui.frame import DEFAULT_BRAND
from socialvalue.core.templatetags.ui.registry import register
from socialvalue.core.templatetags.ui.statuses import LOOKS, Look, look_of

__all__ = [
    "DEFAULT_BRAND",
    "LOOKS",
    "Look",
    "actions",
    "figures",
    "filters",
    "frame",
    "look_of",
    "records",
    "register",
    "tables",
]
