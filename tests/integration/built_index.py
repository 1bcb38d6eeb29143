"""An index in the place of the one in S3, for tests of what stands before it."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from content_api.aws.service import StoreUnavailable
from content_api.content.article import Article
from content_api.content.document import public_fields
from content_api.names.object_keys import SEARCH
from content_search.building import build
from content_search.entries import entry_of
from content_search.manifest import SHARDS

SHARD = "2025"


class BuiltIndex:
    """A bucket that has an index of some articles, and nothing else. Whatever language is asked for has this index."""

    def __init__(self, *articles: Article) -> None:
        self.hold(*articles)

    def hold(self, *articles: Article) -> None:
        """It has these articles from now on, and no others."""
        entries = [entry_of(json.loads(json.dumps(public_fields(each, 1))), frozenset()) for each in articles]
        with TemporaryDirectory() as folder:
            build(Path(folder) / SHARD, "en", entries)
            self._files = {path.name: path.read_bytes() for path in (Path(folder) / SHARD).iterdir()}

    def read_soon(self, key: str) -> bytes:
        return self.read(key)

    def read(self, key: str) -> bytes:
        if not key.startswith(SEARCH):
            raise StoreUnavailable("S3 GetObject: there is only an index")
        if key.endswith(SHARDS):
            return json.dumps([SHARD]).encode()
        return self._files[key.rpartition("/")[2]]
