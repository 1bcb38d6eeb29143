"""Brings the pictures that articles name at other hosts to the publisher's own: fetches and uploads each, and lets the
article name it. To readers that is no edit: the text stays as old as it was.
"""

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsdesk.client import EditorialClient, Refused, article_path
from newsdesk.fetching import Fetcher, NotFetched
from newsdesk.uploading import Uploader

_ATTEMPTS = 3  # while editors write the same article
_FILES = ("media", "renditions", "focal_point", "width", "height", "placeholder")
type Json = dict[str, Any]


@dataclass(slots=True)
class Fetched:
    """What became of the pictures of an article. `missing` are those that could not be had: the address and why."""

    article_id: str
    pictures: int = 0
    missing: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    refused: str = ""


class ForeignPictures:
    def __init__(
        self, client: EditorialClient, *, fetcher: Fetcher, media_hosts: Collection[str], drops_missing: bool
    ) -> None:
        """Pictures of `media_hosts` are left where they are. With `drops_missing`, an article keeps only the caption of
        a picture that cannot be had, so that no reader is sent to its host.
        """
        self._client = client
        self._uploader = Uploader(client)
        self._fetcher = fetcher
        self._media_hosts = media_hosts
        self._drops_missing = drops_missing
        # What became of each address: a media id, or why there is none.
        self._known: dict[str, tuple[str, str]] = {}

    def run(self, article_ids: Iterator[str]) -> Iterator[Fetched]:
        """An entry for each article that names pictures of other hosts."""
        for article_id in article_ids:
            fetched = Fetched(article_id)
            try:
                is_concerned = self._fetch(fetched)
            except Refused as error:
                fetched.refused, is_concerned = str(error), error.code != "article-is-withdrawn"
            if is_concerned:
                yield fetched

    def _fetch(self, fetched: Fetched) -> bool:
        """Whether the article names pictures of other hosts. Raises Refused."""
        for attempt in range(1, _ATTEMPTS + 1):
            answer = self._client.ask("GET", article_path(fetched.article_id))
            article: Json = answer.content["article"]
            foreign = [each for each in _pictures(article) if self._is_foreign(each)]
            if not foreign:
                return False
            fetched.pictures, fetched.missing = 0, []
            changes = [self._replaced(each, fetched) for each in foreign]
            if not any(changes):
                return True
            try:
                self._client.ask("PUT", article_path(fetched.article_id), article, version=answer.version)
            except Refused as error:
                if error.code != "version-conflict" or attempt == _ATTEMPTS:
                    raise
                continue
            return True
        return True

    def _is_foreign(self, picture: Json) -> bool:
        hosts = {urlsplit(str(each["url"])).hostname for each in picture["renditions"]}
        return not picture["media"] and bool(hosts - {*self._media_hosts})

    def _replaced(self, picture: Json, fetched: Fetched) -> bool:
        """Puts the uploaded picture in the place of the addresses. Whether anything changed."""
        largest = max(picture["renditions"], key=lambda each: each["width"] or 0)
        media_id, why = self._uploaded(largest["url"])
        if not media_id:
            fetched.missing.append({"url": largest["url"], "reason": why})
            if not self._drops_missing:
                return False
        for name in _FILES:
            picture.pop(name, None)
        if media_id:
            picture["media"] = media_id
            fetched.pictures += 1
        return True

    def _uploaded(self, url: str) -> tuple[str, str]:
        if url not in self._known:
            try:
                content = self._fetcher.fetch(url)
                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / (Path(urlsplit(url).path).name[-200:] or "picture")
                    file.write_bytes(content)
                    found = self._uploader.upload(file, lambda _done, _of: None)
                is_picture = str(found["media_type"]).startswith("image/")
                self._known[url] = (str(found["id"]), "") if is_picture else ("", "it is no picture")
            except NotFetched as error:
                self._known[url] = ("", str(error))
            except Refused as error:
                self._known[url] = ("", str(error).partition(": ")[2] or str(error))
        return self._known[url]


def _pictures(article: Json) -> Iterator[Json]:
    if article["lead_image"]:
        yield article["lead_image"]
    yield from article["images"]
    for block in article["body"]:
        if block["type"] == "image":
            yield block
        elif block["type"] == "video" and block["poster"]:
            yield block["poster"]
