"""What a page says about itself. A member is None or empty if the page does not say it."""

from dataclasses import dataclass
from datetime import datetime

from content_api.content.article import MAXIMUM_TAGS, Author, Picture
from importing.html.addresses import completed
from importing.html.authors import authors_of
from importing.html.dates import changed, published
from importing.html.headline import headline_of
from importing.html.json_ld import Json, addresses_of, article_in, entries_in, listed, named, object_of, text_in
from importing.html.parsing import Element, text_of_element, text_of_markup
from importing.html.pictures import is_page, picture_at
from importing.html.stated import Statements, microdata, value_of
from importing.words.languages import stated_language

_LONGEST_FIELD = 500  # characters
_LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class About:
    url: str | None
    base: str
    language: str | None
    headline: str
    description: str | None
    section: str | None
    tags: tuple[str, ...]
    authors: tuple[Author, ...]
    published_at: datetime | None
    updated_at: datetime | None
    picture: Picture | None
    text: str


def about(root: Element, *, saved_from: str = "") -> About:
    """What a page says. `saved_from` is the address that a browser noted when it saved the page. Empty if none did."""
    statements = Statements(root)
    entries = entries_in(root)
    links = [each.get("href") or "" for each in root.iter("link") if "canonical" in (each.get("rel") or "").split()]
    noted = [*links, *statements.of("og:url"), saved_from]
    own = [each for each in noted if each.startswith(("https://", "http://"))]
    titles = statements.of("og:title", "twitter:title")
    heads = [text_of_element(each) for each in root.iter("h1", "title")]
    stated = article_in(entries, addresses=own, titles=[*titles, *heads])
    url = _address([*own, *addresses_of(stated)])
    base = (
        completed(next((each.get("href") for each in root.iter("base") if each.get("href")), None), url or "")
        or url
        or ""
    )
    site = _site(statements, entries)
    return About(
        url=url,
        base=base,
        language=_language(root, stated, statements),
        headline=headline_of(root, stated=_plain(stated.get("headline")), titles=titles, site=site)[:_LONGEST_FIELD],
        description=_description(root, stated, statements),
        section=(_plain(stated.get("articleSection")) or statements.first("article:section"))[:_LONGEST_FIELD] or None,
        tags=_tags(stated, statements),
        authors=authors_of(root, stated, named(entries), statements, site),
        published_at=published(root, stated, statements, url),
        updated_at=changed(root, stated, statements),
        picture=_picture(stated, named(entries), statements, base, url),
        text=text_in(stated.get("articleBody")),
    )


def _plain(stated: object) -> str:
    return text_of_markup(text_in(stated))


def _address(named: list[str]) -> str | None:
    return next((each for each in (completed(each, "") for each in named) if each), None)


def _site(statements: Statements, entries: list[Json]) -> str:
    kinds = {"Organization", "NewsMediaOrganization", "WebSite"}
    stated = [text_in(each.get("name")) for each in entries if kinds & set(map(str, listed(each.get("@type"))))]
    return next((each for each in [*statements.of("og:site_name", "application-name"), *stated] if each), "")


def _description(root: Element, stated: Json, statements: Statements) -> str | None:
    found = [_plain(stated.get("description")), *statements.of("og:description", "description", "twitter:description")]
    found += [value_of(each) for each in microdata(root, "description")][:1]
    return next((each for each in found if each), "")[:_LONGEST_TEXT] or None


def _language(root: Element, stated: Json, statements: Statements) -> str | None:
    tag = text_in(stated.get("inLanguage"))
    body = root.find("body")
    attributes = [each.get("lang") or "" for each in (root, body) if each is not None]
    told = [tag, *attributes, *statements.of("og:locale", "content-language", "dc.language")]
    return next(filter(None, map(stated_language, told)), None)


def _tags(stated: Json, statements: Statements) -> tuple[str, ...]:
    told = listed(stated.get("keywords")) or statements.of("article:tag") or statements.of("keywords", "news_keywords")
    tags = [text_of_markup(each) for entry in told for each in text_in(entry).replace(";", ",").split(",")]
    return tuple(dict.fromkeys(each for each in tags if 0 < len(each) <= _LONGEST_FIELD))[:MAXIMUM_TAGS]


def _picture(
    stated: Json, known: dict[str, Json], statements: Statements, base: str, url: str | None
) -> Picture | None:
    first = next(iter(listed(stated.get("image"))), None)
    entry = object_of(first)
    if set(entry) == {"@id"}:
        entry = known.get(str(entry["@id"]), {})
    told = [entry.get("contentUrl"), entry.get("url"), first]
    meta = statements.of("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
    for each in [*told, *meta]:
        if isinstance(each, str) and (address := completed(each, base)) and not is_page(address, url or ""):
            alt = statements.first("og:image:alt")
            caption = _plain(entry.get("caption")) or _plain(entry.get("description"))
            credit = _plain(entry.get("creditText")) or _plain(entry.get("author"))
            if (found := picture_at(address, alt=alt, caption=caption, credit=credit)) is not None:
                return found
    return None
