"""The ten usual questions of a Freedom of Information request, answered from a frozen report. Pure.

What may prejudice somebody's commercial interests (section 43 of the Freedom of Information Act 2000) is left out
unless whoever answers ticks it; an answer says what was left out.
"""

from reporting.cabinet.rules.foi.answers import answers, answers_table, cell, ticked, why_not
from reporting.cabinet.rules.foi.shapes import NOT_FROZEN, SENSITIVE, Answer, Sensitive

__all__ = [
    "NOT_FROZEN",
    "SENSITIVE",
    "Answer",
    "Sensitive",
    "answers",
    "answers_table",
    "cell",
    "ticked",
    "why_not",
]
