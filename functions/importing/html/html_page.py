"""A page in HTML made into an article: what it says of itself (JSON-LD as schema.org has it, Open Graph, the page's own
elements, in this order), and the text that trafilatura finds among what stands around it.
"""

import datetime as dt
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, cast

from lxml import html
from pydantic import ValidationError
from trafilatura import extract

from content_api.content.addresses import NotAnAddress
from content_api.content.article import MAXIMUM_BYLINES, MAXIMUM_TAGS, Article, Author, Block, Image, Picture, Rendition
from importing.html.cleaning import cleaned, plain, without_dateline
from importing.html.markup import Element, blocks_of, kind_of, parsed, text_of_element, without_control_characters
from importing.identifier import article_id, article_id_of_address
from importing.refused import FileRefused
from importing.words.languages import language_of, stated_language

_ARTICLE_TYPES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle LiveBlogPosting BlogPosting VideoObject AudioObject".split()
)
_MEDIA = ("figure", "iframe", "video", "audio", "embed")
_LONGEST_FIELD = 500  # characters
_LONGEST_TEXT = 10_000

type Json = dict[str, Any]


def parse_html_page(text: str, *, language: str | None = None) -> Article:
    """Raises FileRefused."""
    root = parsed(text)
    about = _About(root)
    body = _body(root, about)
    if not any(map(plain, body)):
        raise FileRefused("no text was found on the page")
    if not about.headline:
        raise FileRefused("the page has no headline", hint="It needs an h1, an og:title or a JSON-LD headline.")
    body = cleaned(body, headline=about.headline, standfirst=about.description)
    picture, body = _lead_image(about, body)
    return made(
        {
            "language": language or about.language,
            "url": about.url,
            "headline": about.headline,
            "standfirst": about.description,
            "byline": about.authors,
            "section": about.section,
            "tags": about.tags,
            "published_at": about.published_at,
            "updated_at": about.updated_at,
            "lead_image": picture,
            "body": body,
        }
    )


def made(fields: Json) -> Article:
    """The article, with its dateline and the id that is due to it; its language is told from the text where it is None.
    Raises FileRefused.
    """
    if not any(each.type in {"paragraph", "list", "quote", "html"} for each in fields["body"]):
        raise FileRefused("a headline, and no text under it")
    fields["language"] = fields["language"] or language_of("\n".join(map(plain, fields["body"])))
    if fields["language"] is None:
        raise FileRefused("cannot tell the language of the text", hint="Give it, as a tag such as en or ru.")
    dateline, body = without_dateline(fields["body"])
    fields |= {"dateline": dateline, "body": tuple(body)}
    published_at: dt.datetime | None = fields.get("published_at")
    if published_at is None and dateline and dateline.date:
        fields["published_at"] = published_at = dt.datetime.combine(dateline.date, dt.time(), dt.UTC)
    try:
        if fields.get("url"):
            identifier = article_id_of_address(fields["language"], fields["url"])
        else:
            identifier = article_id(fields["language"], published_at and published_at.date(), fields["headline"])
        return Article(id=identifier, **fields)
    except NotAnAddress as error:
        raise FileRefused(str(error), place="url") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise FileRefused(first["msg"], place=".".join(map(str, first["loc"]))) from error


def _body(root: Element, about: "_About") -> list[Block]:
    """Pictures, recordings and embeds are put aside, where the extractor would lose them, and come back in place."""
    aside: dict[str, Element] = {}
    moved: set[Element] = set()
    mark = sha256(html.tostring(root)).hexdigest()  # what no page can hold of itself
    for element in list(root.iter(*_MEDIA, "blockquote")):
        is_post = element.tag != "blockquote" or "-" in element.get("class", "")
        parent = element.getparent()
        if is_post and parent is not None and not any(each in moved for each in element.iterancestors()):
            stand_in = html.Element("p")
            name = f"{mark}-{len(aside)}"
            stand_in.text, stand_in.tail = name, element.tail
            element.tail = None
            parent.replace(element, stand_in)
            aside[name] = element
            moved.add(element)
    found = extract(
        html.tostring(root, encoding="unicode"),
        output_format="html",
        include_comments=False,
        include_images=True,
        include_links=True,
        include_formatting=True,
        include_tables=True,
    )
    if not found:
        raise FileRefused("no text was found on the page")
    main = parsed(found)
    _restore_sizes(main, root)
    for stand_in in list(main.iter("p")):
        element = aside.pop(text_of_element(stand_in), None)
        parent = stand_in.getparent()
        if element is not None and parent is not None:
            element.tail = stand_in.tail
            parent.replace(stand_in, element)
    return blocks_of(main, base=about.base)


def _restore_sizes(main: Element, root: Element) -> None:
    """Of pictures, which the extractor leaves without: by its size a picture is told from what counts readers."""
    originals = {each.get("src"): each for each in root.iter("img")}
    for picture in main.iter("img"):
        original = originals.get(picture.get("src"))
        for name in ("width", "height"):
            if original is not None and (size := original.get(name)):
                picture.set(name, size)


def _lead_image(about: "_About", body: list[Block]) -> tuple[Picture | None, list[Block]]:
    """The page's own picture, with the caption that stands under it in the text."""
    if not body or not isinstance(body[0], Image):
        return about.image, body
    first = body[0]
    same = about.image is None or _file(about.image) == _file(first)
    if not same:
        return about.image, body
    renditions = about.image.renditions if about.image else first.renditions
    fields = {name: getattr(first, name) for name in ("alt", "caption", "credit")}
    return Picture(**fields, renditions=renditions), body[1:]


def _file(picture: Picture) -> str:
    """What names the picture: sizes stand elsewhere in its address."""
    return picture.renditions[0].url.partition("?")[0].rpartition("/")[2] if picture.renditions else ""


class _About:
    """What a page says about itself; what it does not say is None, or empty."""

    def __init__(self, root: Element) -> None:
        self._meta: dict[str, list[str]] = {}
        for each in root.iter("meta"):
            name = (each.get("property") or each.get("name") or "").lower()
            content = " ".join((each.get("content") or "").split())
            if name and content:
                self._meta.setdefault(name, []).append(content)
        self._stated: Json = next(_articles(root), cast("Json", {}))
        self.url = self._url(root)
        self.base = self.url or ""
        headings = [text_of_element(each) for each in root.iter("h1")]
        titles = [text_of_element(each) for each in root.iter("title")]
        self.headline = _first(self._text("headline"), *headings[:1], *self._of("og:title"), *titles)[:_LONGEST_FIELD]
        self.description = (
            _first(self._text("description"), *self._of("og:description", "description"))[:_LONGEST_TEXT] or None
        )
        self.section = _first(self._text("articleSection"), *self._of("article:section"))[:_LONGEST_FIELD] or None
        self.published_at = _instant(_first(self._text("datePublished"), *self._of("article:published_time")))
        self.updated_at = _instant(_first(self._text("dateModified"), *self._of("article:modified_time")))
        self.language = self._language(root)
        self.authors = self._authors()
        self.tags = self._tags()
        self.image = self._image()

    def _of(self, *names: str) -> list[str]:
        return [value for name in names for value in self._meta.get(name, [])]

    def _text(self, name: str) -> str:
        stated = next(iter(_listed(self._stated.get(name))), None)
        return text_of_element(parsed(f"<p>{stated}</p>")) if isinstance(stated, str) else ""

    def _url(self, root: Element) -> str | None:
        links = [each.get("href") or "" for each in root.iter("link") if each.get("rel") == "canonical"]
        stated = self._stated.get("url")
        page = self._stated.get("mainEntityOfPage")
        page = _object(page).get("@id", page)
        named = [*links, *(each for each in (stated, page) if isinstance(each, str)), *self._of("og:url")]
        return next((each for each in named if each.startswith(("https://", "http://"))), None)

    def _language(self, root: Element) -> str | None:
        stated = self._stated.get("inLanguage")
        named = [stated] if isinstance(stated, str) else []
        named += [root.get("lang") or "", *self._of("og:locale")]
        return next(filter(None, map(stated_language, named)), None)

    def _authors(self) -> tuple[Author, ...]:
        stated = self._stated.get("author") or self._of("article:author", "author")
        found: dict[str, Author] = {}
        for each in _listed(stated):
            entry = _object(each) or {"name": each}
            if "Organization" in str(entry.get("@type")):
                continue
            name = entry.get("name")
            # An address of a profile is nobody's name.
            if isinstance(name, str) and name.strip() and "://" not in name:
                found.setdefault(name.strip(), Author(name=name.strip()[:_LONGEST_FIELD]))
        return tuple(found.values())[:MAXIMUM_BYLINES]

    def _tags(self) -> tuple[str, ...]:
        stated = self._stated.get("keywords") or self._of("article:tag") or self._of("keywords")
        named = [each.strip() for entry in _listed(stated) if isinstance(entry, str) for each in entry.split(",")]
        return tuple(dict.fromkeys(each for each in named if 0 < len(each) <= _LONGEST_FIELD))[:MAXIMUM_TAGS]

    def _image(self) -> Picture | None:
        stated = next(iter(_listed(self._stated.get("image"))), None)
        entry = _object(stated) or {"url": stated}
        address = _first(str(entry.get("url") or ""), *self._of("og:image:secure_url", "og:image"))
        caption = entry.get("caption")
        try:
            return Picture(
                alt=_first(*self._of("og:image:alt"))[:1000],
                caption=caption.strip() or None if isinstance(caption, str) else None,
                renditions=(Rendition(url=address, media_type=kind_of(address)),),
            )
        except ValidationError:
            return None  # no address that leads to a picture


def _articles(root: Element) -> Iterator[Json]:
    """What JSON-LD on the page describes as an article."""
    for script in root.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            waiting: list[Any] = [_printable(json.loads(script.text or "", strict=False))]
        except (ValueError, RecursionError):
            continue  # pages come with broken ones, and say the rest elsewhere
        while waiting:
            each = waiting.pop(0)
            if isinstance(each, list):
                waiting += cast("list[Any]", each)
            elif entry := _object(each):
                if _ARTICLE_TYPES & set(map(str, _listed(entry.get("@type")))):
                    yield entry
                waiting.append(entry.get("@graph"))


def _printable(value: Any) -> Any:  # noqa: ANN401 - JSON is any of its types
    """JSON's escapes say any character."""
    match value:
        case str():
            return without_control_characters(value)
        case list():
            return [_printable(each) for each in cast("list[Any]", value)]
        case dict():
            return {name: _printable(each) for name, each in cast("Json", value).items()}
        case _:
            return value


def _listed(stated: object) -> list[Any]:
    """JSON-LD has a list or its only value."""
    return cast("list[Any]", stated) if isinstance(stated, list) else [stated]


def _object(stated: object) -> Json:
    """Empty for what is none."""
    return cast("Json", stated) if isinstance(stated, dict) else {}


def _first(*texts: str) -> str:
    return next((each for each in texts if each), "")


def _instant(stated: str) -> dt.datetime | None:
    """An instant without a zone counts as UTC."""
    try:
        found = dt.datetime.fromisoformat(stated)
        return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    except ValueError:
        return None
