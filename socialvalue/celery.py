"""The Celery application. Loaded by name from core's ``ready()`` so that pure rules never load Celery."""

from __future__ import annotations

import os

from celery import Celery

from socialvalue.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")

app = Celery("socialvalue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = BEAT_SCHEDULE
