"""Bundles: the articles of a language's last day or week as one file, which an app fetches with a single request. It is
a small mirror of its own, without pictures. Its signed manifest says when it expires, and what was withdrawn, which
whoever kept an earlier one must delete.
"""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable
from typing import Any

from content_api.content.cards import card
from content_api.names.instants import parsed, printed, sortable
from content_api.names.keys import facet
from content_api.names.mirror_paths import MANIFEST, day_of, shelf_of
from mirroring.about import notice_files, root_files
from mirroring.articles import article_files
from mirroring.files import Files
from mirroring.lists import (
    archive_files,
    day_files,
    days_files,
    front_files,
    newest_files,
    section_files,
    sections_files,
)
from mirroring.notices import MirrorNotices
from mirroring.signing import Signer
from mirroring.splitting import compact
from mirroring.tree import FORMAT, File, Part, digest

type Json = dict[str, Any]

SPANS = {"day": dt.timedelta(days=1), "week": dt.timedelta(days=7)}
TRUSTED_FOR = dt.timedelta(days=3)
# A function of Lambda answers at most 6 MB, of which base64 takes a quarter.
MOST_BYTES = 4_000_000
_OF_LISTS = 400_000  # bytes of MOST_BYTES for lists and notices
_TOP = 60  # cards on the front


def bundle(
    language: str, articles: Iterable[Json], withdrawn: Iterable[str], *, at: dt.datetime, signer: Signer
) -> tuple[bytes, int, int]:
    """A zip file, how many articles it has, and how many were left out, since they would make it too large. `articles`
    is the public JSON of each, the newest first. `withdrawn` are the paths of articles that were withdrawn.
    """
    notices = MirrorNotices(at.date().isoformat())
    files: Files = {}
    shown: list[Json] = []
    left_out, size = 0, _OF_LISTS
    for article in articles:
        made = article_files(_shelf(article), _without_pictures(article), notices)
        needed = len(_zipped(made))
        if left_out or size + needed > MOST_BYTES:
            left_out += 1
            continue
        size += needed
        files |= made
        shown.append(article)
    made_at = at.replace(microsecond=0)
    files |= _lists(language, shown, notices)
    files |= root_files([language], made_at, made_at + TRUSTED_FOR, signer.public_key, notices) | notice_files(notices)
    said = {
        "format": FORMAT,
        "made_at": printed(made_at),
        "valid_until": printed(made_at + TRUSTED_FOR),
        "languages": [language],
        "notices": notices.names,
        "mirrors": [],
        "key": signer.public_key,
        "articles": len(shown),
        "left_out": left_out,
    }
    listed = Part({path: File(digest(content), len(content)) for path, content in files.items()}, {}, {*withdrawn})
    manifest = signer.signed(compact(said | listed.as_json()))
    return _zipped({"index.html": files["index.html"], MANIFEST: manifest} | files), len(shown), left_out


def _zipped(files: Files) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, each in files.items():
            # Without the time at which they were put together.
            archive.writestr(zipfile.ZipInfo(path), each, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _lists(language: str, articles: list[Json], notices: MirrorNotices) -> Files:
    """Pages that lead to all of the articles, as the mirror has them."""
    cards = [card(each) for each in articles]
    shelves: dict[str, dict[str, list[Json]]] = {}
    sections: dict[str, list[Json]] = {}
    for article, each in zip(articles, cards, strict=True):
        shelves.setdefault(_shelf(article), {}).setdefault(day_of(_position(article)), []).append(each)
        if each["section"]:
            sections.setdefault(facet("", each["section"])[1:], []).append(each)
    files = front_files({"language": language, "top": cards[:_TOP], "breaking": [], "sections": []}, notices)
    for shelf, days in shelves.items():
        files |= days_files(shelf, days, notices)
        for day, some in days.items():
            files |= day_files(shelf, day, some, notices)
    titles: dict[str, str] = {}
    for section, some in sections.items():
        titles[section] = some[0]["section"]
        there = sorted({shelf_of(language, _position(each)) for each in some})
        files |= newest_files(language, section, titles[section], some, there, notices)
        for shelf in there:
            on_it = [each for each in some if shelf_of(language, _position(each)) == shelf]
            files |= section_files(shelf, section, titles[section], on_it, notices)
    return files | archive_files(language, shelves, notices) | sections_files(language, titles, notices)


def _shelf(article: Json) -> str:
    return shelf_of(article["language"], _position(article))


def _position(article: Json) -> str:
    return sortable(parsed(article["published_at"])) if article["published_at"] else ""


def _without_pictures(article: Json) -> Json:
    """What is said of pictures stays."""
    bare: Json = json.loads(json.dumps(article))
    pictures = [each for each in (bare["lead_image"], *bare["images"], *bare["body"]) if each and "renditions" in each]
    for each in pictures:
        each["renditions"] = []
    return bare
