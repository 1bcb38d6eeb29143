"""The paths of the mirror's files: in the bucket under `mirror/`, and in every copy of it under its own root.

manifest.json                          what there is, signed
parts/<folder>.<digest>.json           the files of a folder, under a name that changes with what it says
index.html  about.html                 the languages; how long a copy may be trusted
notices/<id>.html                      what a notice means
bundles/<language>.<span>.zip          the articles of a day or a week in one file; about it: the same in json
<language>/index.html                  the front; the same as JSON: front.json
<language>/archive.html                the months
<language>/sections.html               the sections; the newest of each: <section>.section.html
<language>.<year>-<month>/             a shelf: the articles of a month
  <id>.html  <id>.json                 an article; it goes on in <id>.2.html and <id>.2.json
  <id>.1.webp                          its first picture
  all.days.html  <day>.day.html        its days
  <section>.section.html               its articles in a section
<language>.undated/                    the shelf of articles without a date

An id has no dot, and a number follows the first dot of an article's further files, so no other page has such a name.
Names are ASCII, and none begins with a dot or an underscore, since hosts of static pages leave such files out.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

MIRROR = "mirror/"  # before all keys in the bucket
MANIFEST = "manifest.json"
INDEX = "index.html"
ABOUT = "about.html"
UNDATED = "undated"
_OF_ARTICLE = re.compile(r"(?:[0-9]+\.)?(?:html|json|webp)", re.ASCII)
_PLAIN = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)


def mirror_key(path: str) -> str:
    """The key of a file of the mirror in the bucket."""
    return f"{MIRROR}{path}"


def shelf_of(language: str, position: str) -> str:
    """The folder of an article, by its language and its place in lists, which begins with the date."""
    return f"{language}.{position[:7] if position[:4].isdecimal() else UNDATED}"


def month_of(shelf: str) -> str:
    """The month of a shelf, such as `2025-11`; empty for articles without a date."""
    month = shelf.partition(".")[2]
    return "" if month == UNDATED else month


def language_of(path: str) -> str:
    """The language of a shelf, or of a file of a language."""
    return path.partition("/")[0].partition(".")[0]


def folder_of(path: str) -> str:
    """The folder of a file; empty for one in the root."""
    return path.rpartition("/")[0]


def is_shelf(folder: str) -> bool:
    return "." in folder


def day_of(position: str) -> str:
    """The day of the month, such as `19`; empty for an article without a date."""
    return position[8:10] if position[:4].isdecimal() else ""


def article_path(shelf: str, article_id: str, page: int = 1, kind: str = "html") -> str:
    return numbered(f"{shelf}/{article_id}.{kind}", page)


def picture_path(shelf: str, article_id: str, number: int) -> str:
    return f"{shelf}/{article_id}.{number}.webp"


def is_of_article(path: str, shelf: str, article_id: str) -> bool:
    """Whether the file is one of the article's: its pages, its JSON or its pictures."""
    name = path.removeprefix(f"{shelf}/{article_id}.")
    return name != path and _OF_ARTICLE.fullmatch(name) is not None


def articles_among(paths: Iterable[str]) -> set[str]:
    """The ids of the articles that have pages among the files of a shelf."""
    names = (path.rpartition("/")[2].split(".") for path in paths)
    return {parts[0] for parts in names if parts[1:] == ["html"]}


def days_among(paths: Iterable[str]) -> set[str]:
    """The days that have pages among the files of a shelf; an empty one for articles without a date."""
    names = (path.rpartition("/")[2].split(".") for path in paths)
    found = {parts[0] for parts in names if parts[1:] == ["day", "html"]}
    return {"" if day == UNDATED else day for day in found}


def sections_among(paths: Iterable[str]) -> set[str]:
    """The names of the pages of sections among the files of a folder (`section_path`)."""
    names = {path.rpartition("/")[2] for path in paths}
    return {name for name in names if name.split(".")[1:] == ["section", "html"]}


def is_of_page(path: str, first: str) -> bool:
    """Whether the file belongs to a list whose first page is `first`: a page of it, or the JSON of one."""
    return any(each in {first, as_json(first)} for each in (path, _without_number(path)))


def day_path(shelf: str, day: str) -> str:
    return f"{shelf}/{day or UNDATED}.day.html"


def days_path(shelf: str) -> str:
    return f"{shelf}/all.days.html"


def section_path(folder: str, section: str) -> str:
    """The page of a section in a language's folder or in a shelf. `section` is the value of its facet. A value that is
    not plain ASCII is replaced by a digest.
    """
    if not _PLAIN.fullmatch(section):
        from hashlib import sha256  # noqa: PLC0415 - many names are plain

        section = sha256(section.encode()).hexdigest()[:16]
    return f"{folder}/{section}.section.html"


def front_path(language: str) -> str:
    return f"{language}/{INDEX}"


def archive_path(language: str) -> str:
    return f"{language}/archive.html"


def sections_path(language: str) -> str:
    return f"{language}/sections.html"


def bundle_path(language: str, span: str, kind: str) -> str:
    """A bundle (`zip`), or JSON that says how large it is. No manifest names either."""
    return f"bundles/{language}.{span}.{kind}"


def notice_path(notice_id: str) -> str:
    return f"notices/{notice_id}.html"


def numbered(path: str, page: int) -> str:
    """The path of a later page of the same: `a.html`, `a.2.html`."""
    if page == 1:
        return path
    stem, _, kind = path.rpartition(".")
    return f"{stem}.{page}.{kind}"


def _without_number(path: str) -> str:
    """The path of the first page of the same (`numbered`)."""
    stem, _, kind = path.rpartition(".")
    first, _, number = stem.rpartition(".")
    return f"{first}.{kind}" if number.isascii() and number.isdecimal() else path


def as_json(path: str) -> str:
    """The path of the JSON that says what a page says. A front's is `front.json`."""
    stem = path.removesuffix(".html")
    return f"{stem.removesuffix('index')}front.json" if stem.endswith("/index") else f"{stem}.json"


def upward(path: str) -> str:
    """What leads from the file to the root of the mirror: `../`."""
    return "../" * path.count("/")
