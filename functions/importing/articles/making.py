"""Makes an article from what was read of it: with its dateline, its language, and an id."""

import datetime as dt
from typing import Any

from pydantic import ValidationError

from content_api.content.addresses import NotAnAddress
from content_api.content.article import Article, Block
from importing.articles.identifier import article_id, article_id_of_address
from importing.articles.plain import plain, without_dateline
from importing.refused import FileRefused, in_plain_words
from importing.words.languages import language_of

_TEXTS = frozenset({"paragraph", "list", "quote", "html"})


def make_article(fields: dict[str, Any], body: list[Block]) -> Article:
    """The article. If `fields` has None for the language, it is recognised from the text. Raises FileRefused."""
    if not any(each.type in _TEXTS for each in body):
        raise FileRefused("a headline, and no text under it", hint="Hand in the page with its text.")
    texts = list(map(plain, body))
    language = fields["language"] or language_of("\n".join(texts))
    if language is None:
        raise FileRefused("cannot tell the language of the text", hint="Give it, as a tag such as en or ru.")
    dateline, body = without_dateline(body)
    published_at: dt.datetime | None = fields.get("published_at")
    if published_at is None and dateline and dateline.date:
        published_at = dt.datetime.combine(dateline.date, dt.time(), dt.UTC)
    whole = fields | {"language": language, "dateline": dateline, "published_at": published_at, "body": tuple(body)}
    try:
        if fields.get("url"):
            identifier = article_id_of_address(language, fields["url"])
        else:
            date = published_at and published_at.date()
            identifier = article_id(language, date, fields["headline"], text=" ".join(texts))
        return Article.model_validate(whole | {"id": identifier})
    except NotAnAddress as error:
        raise FileRefused(str(error), place="url", hint="Correct the page's canonical address.") from error
    except ValidationError as error:
        raise FileRefused(in_plain_words(error), hint="Correct it in the file.") from error
