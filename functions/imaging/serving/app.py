"""The handler that Lambda calls for the files of pictures."""

import os

from content_api.reader_api.api import started
from imaging.serving.routes import SURFACE

lambda_handler = started(SURFACE, os.environ).lambda_handler
