from __future__ import annotations

from django.db.models import TextChoices


class FileStatus(TextChoices):
    WAITING = "waiting", "Waiting"
    WRITING = "writing", "Being written"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


class LongList(TextChoices):
    """The lists that may be too long to wait for."""

    CLAIMS = "claims", "Claims"
    ENTRIES = "entries", "Ledger entries"


LIVE = (FileStatus.WAITING, FileStatus.WRITING)


class DownloadDeed(TextChoices):
    FILE_ASKED = "long_file_asked", "Long file asked for"
