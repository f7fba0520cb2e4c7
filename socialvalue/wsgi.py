from __future__ import annotations

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "socialvalue.settings")

application = get_wsgi_application()

# Every view is loaded before the first request, and what is loaded stays for the life of the process: the collector
# need not look through it again each time a page has made many rows (a fifth of a large dashboard's time).
import_module("socialvalue.urls")
gc.collect()
gc.freeze()
