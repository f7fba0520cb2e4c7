"""Jobs of the foundation: letters go out here."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMessage

from socialvalue.core.jobs import job


@job(retry_on=(smtplib.SMTPException, OSError))
def send_letter(to: str, subject: str, text: str) -> None:
    """Send one plain e-mail. A mail server that is away is tried again."""
    EmailMessage(subject=subject, body=text, to=[to]).send()
