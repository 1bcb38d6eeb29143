"""GET /v1/articles/{id}: one read, one decompression, and the notices spliced in."""

from __future__ import annotations

import json
import re
import zlib

from content_api.keys import article_key
from content_api.response import ASKED_AGAIN, NOTHING_KEPT, json_response, matches, not_modified, problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from content_api.dynamodb import Item
    from content_api.legal_notices import Attachment
    from content_api.request import Request
    from content_api.response import Response

    type ReadItem = Callable[[dict[str, str]], Item | None]
    type ReadObject = Callable[[str], bytes]
    type NoticesDue = Callable[[str], Attachment]

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,95}", re.ASCII)


def get_article(request: Request, *, read_item: ReadItem, read_object: ReadObject, notices_due: NoticesDue) -> Response:
    """`notices_due` takes the article's language."""
    article_id = request.path_parameters.get("id", "")
    item = read_item(article_key(article_id)) if _ID.fullmatch(article_id) else None
    status = item["status"]["S"] if item else None
    if item is None or status not in {"published", "withdrawn"}:
        return problem(
            404, "article-not-found", "No article has this id. Ids come from lists, feeds and the change feed."
        )
    document = _document(item, read_object)
    if status == "withdrawn":
        return problem(
            410,
            "article-withdrawn",
            "The publisher has withdrawn this article. Remove every copy of it, and do not ask for it again.",
            headers={"x-cache-tags": f"article:{article_id}"},
            members=json.loads(document) | {"recall": True},
        )
    language = item["language"]["S"]
    notices = notices_due(language)
    entity_tag = f'"{item["version"]["N"]}-{notices.tag}"'
    headers = {
        "cache-control": NOTHING_KEPT if notices.due else ASKED_AGAIN,
        "content-language": language,
        "etag": entity_tag,
        "x-cache-tags": f"article:{article_id}",
    }
    if matches(request.headers.get("if-none-match"), entity_tag):
        return not_modified(headers)
    return json_response(f'{{"legal_notices":{notices.json},{document[1:]}', headers)


def _document(item: Item, read_object: ReadObject) -> str:
    """The JSON object made when the article was written; one too large for an item stands in S3."""
    packed = item["document"]["B"] if "document" in item else read_object(item["document_key"]["S"])
    return zlib.decompress(packed).decode()
