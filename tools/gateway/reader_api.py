"""Makes a `ReaderApi` with the configuration of a deployment, for tests that replace a part of it."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from content_api.aws.dynamodb import Table
from content_api.aws.objects import Bucket
from content_api.aws.patience import Patience
from content_api.law.law_file import load_entries
from content_api.law.legal_notices import LegalNotices
from content_api.reader_api.api import ReaderApi
from content_api.reader_api.exchange import Sources
from content_api.reader_api.settings import ReaderSettings
from content_api.reader_api.surface import Surface

if TYPE_CHECKING:
    from content_api.law.law_file import Entry
    from content_api.law.reader_location import JurisdictionOfAddress

_DEPLOYED = {
    "CONTENT_TABLE": "t",
    "CONTENT_BUCKET": "b",
    "PUBLIC_URL": "https://content.example.org",
    "MORE_INFORMATION_URL": "https://content.example.org/legal-notices/{id}",
}


def reader_api(  # noqa: PLR0913 - what a test may bring itself
    surface: Surface,
    environment: Mapping[str, str],
    *,
    aws: Mapping[str, str] | None = None,
    table: Any = None,  # noqa: ANN401 - a Table, or what a test has in its place
    bucket: Any = None,  # noqa: ANN401 - likewise
    entries: "list[Entry] | None" = None,
    of_address: "JurisdictionOfAddress | None" = None,
    clock: Callable[[], float] = time.time,
) -> ReaderApi:
    """`environment` is added to what every deployment sets, and `aws` has the variables by which AWS is found.
    `entries` are the legal notices; the shipped ones if not given. `clock` gives seconds since 1970.
    """
    settings = ReaderSettings(_DEPLOYED | dict(environment))
    patience = Patience(settings.patience)
    sources = Sources(
        settings,
        table or Table(settings.table, aws or {}, patience),
        bucket or Bucket(settings.bucket, aws or {}, patience),
        LegalNotices(entries or load_entries(), settings.more_information_url),
        patience,
    )
    return ReaderApi(surface, settings, sources, of_address=of_address, clock=clock)
