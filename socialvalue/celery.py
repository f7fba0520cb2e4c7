"""The Celery application. Loaded by name from core's ``ready()`` so that pure rules never load Celery."""

from __future__ import annotations

import logging
import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from socialvalue.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")

app = Celery("socialvalue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = BEAT_SCHEDULE


@setup_logging.connect
def log_as_the_site_does(loglevel: int | str | None = None, **kwargs: Any) -> None:
    """A worker's lines are formatted as the web server's: without people in them."""
    dictConfig(settings.LOGGING)
    if loglevel is not None:
        logging.getLogger().setLevel(loglevel)
