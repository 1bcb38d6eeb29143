"""What Lambda starts: everything that can be ready before the first reader is made ready here, in the init phase."""

import os

from content_api.dynamodb import Table
from content_api.jurisdiction import CONNECTION
from content_api.legal_notices import LegalNotices, load_entries
from content_api.objects import Bucket
from content_api.settings import ReaderSettings
from reading.api import ReadingApi
from reading.asked import Sources

settings = ReaderSettings(os.environ)
in_zone = None
if settings.reader_location == CONNECTION:
    from content_api.zone import opened

    in_zone = opened(settings.zone_file).holds
table = Table(settings.table, os.environ)
table.connect()
sources = Sources(table, Bucket(settings.bucket), LegalNotices(load_entries(), settings.more_information_url))
lambda_handler = ReadingApi(settings, sources, in_zone=in_zone).lambda_handler
