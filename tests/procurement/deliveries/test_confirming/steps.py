"""What these tests share: the group's address, and its answer."""

from __future__ import annotations

from procurement.deliveries.services import answer_confirmation
from procurement.deliveries.vocabulary import ConfirmationAnswer

SCHOOL = "office@school.example"


def say(token, answer=ConfirmationAnswer.CONFIRMED, role="Head teacher", words=""):
    return answer_confirmation(token=token, answer=answer, role=role, words=words)
