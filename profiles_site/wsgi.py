"""The WSGI application that granian (or any other WSGI server) serves."""

import gc
import logging
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "profiles_site.settings")

site = get_wsgi_application()
# Import the screens before the first request of each worker waits for it.
screens = get_resolver().url_patterns
# Django has to be set up before the API is imported.
from profiles.api.common.passing import ahead_of  # noqa: E402

application = ahead_of(site)
# What no line of the log says need not be found out for each (Logging HOWTO, Optimization).
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
logging._srcfile = None
# All that is there by now stays, so that it need not be looked through each time that Python tidies up.
gc.collect()
gc.freeze()
