"""The handler that Lambda calls."""

import os

from content_api.reader_api.api import started
from reading.routes import SURFACE

lambda_handler = started(SURFACE, os.environ).lambda_handler
