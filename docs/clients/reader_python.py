"""A reader for an app, on a client by openapi-python-client: it shows lists, keeps articles for when there is no
network, and forgets what was withdrawn. Where a notice is due, nothing stays on the device: a copy is evidence there.

    openapi-python-client generate --url https://content.example.org/v1/openapi.json
    python reader_python.py https://content.example.org en kept.json
"""

import json
import sys
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
from content_api_client import Client
from content_api_client.api.default import get_article, list_articles, list_changes, list_legal_notices_due
from content_api_client.models import ArticleList, CardPicture, ChangeFeed, LegalNotice, PublicArticle, WithNotices

address, language, file, *place = sys.argv[1:]
headers = {"CloudFront-Viewer-Country": place[0]} if place else {}  # believed on a developer's machine alone


class Patient(httpx.HTTPTransport):
    """429 and 503 pass. They say after how many seconds to ask again."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for attempt in range(1, 4):
            answer = super().handle_request(request)
            if answer.status_code not in {429, 503}:
                return answer
            answer.close()
            time.sleep(float(answer.headers.get("Retry-After", attempt)))
        return super().handle_request(request)


client = Client(base_url=address, headers=headers, httpx_args={"transport": Patient()})


def opened() -> dict[str, Any]:
    path = Path(file)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"cursor": None, "copies": {}}


def save(kept: dict[str, Any]) -> None:
    Path(file).write_text(json.dumps(kept), encoding="utf-8")


def show_notices(notices: list[LegalNotice]) -> None:
    """First, whatever is shown."""
    for notice in notices:
        print("NOTICE", notice.language, notice.text.partition("\n")[0])


def address_of(picture: CardPicture | Any) -> str:  # noqa: ANN401 - the generator's Unset, or None
    """The smallest file that fills a screen of 320 points."""
    if not isinstance(picture, CardPicture) or not picture.renditions:
        return "no picture"
    files = sorted(picture.renditions, key=lambda each: each.width or 0)
    return next((each.url for each in files if (each.width or 0) >= 320), files[-1].url)


def show_list() -> None:
    page = list_articles.sync(client=client, language=[language], limit=3)
    if not isinstance(page, ArticleList):
        sys.exit(f"no list: {page}")
    show_notices(page.legal_notices)
    for card in page.articles or []:
        print("CARD", card.direction, card.headline, "|", address_of(card.lead_image))


def is_notice_due() -> bool:
    """Asked at every start: a reader may have travelled."""
    answer = list_legal_notices_due.sync(client=client, language=language)
    return not isinstance(answer, WithNotices) or bool(answer.legal_notices)


def forget(kept: dict[str, Any], article_id: str) -> None:
    if kept["copies"].pop(article_id, None):
        print("FORGOTTEN", article_id)


def fetch_into(kept: dict[str, Any], article_id: str, version: int) -> None:
    """Asks for the version that a change names, so that no older copy of a cache comes in its place."""
    if kept["copies"].get(article_id, {}).get("version", 0) >= version:
        return
    answer = get_article.sync_detailed(article_id, client=client, version=version)
    if answer.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        forget(kept, article_id)
    elif isinstance(answer.parsed, PublicArticle):
        copy = {"version": answer.parsed.version, "etag": answer.headers["ETag"], "article": answer.parsed.to_dict()}
        kept["copies"][article_id] = copy
    else:
        sys.exit(f"{article_id} cannot be had now: {answer.status_code}")


def follow(kept: dict[str, Any]) -> None:
    is_complete = False
    while not is_complete:
        asked = {"cursor": kept["cursor"]} if kept["cursor"] else {}
        page = list_changes.sync(client=client, language=[language], **asked)
        if not isinstance(page, ChangeFeed):
            sys.exit(f"no changes: {page}")
        for change in {each.id: each for each in page.changes}.values():  # of two changes of one article, the last
            if change.change == "withdraw":
                forget(kept, change.id)
            else:
                fetch_into(kept, change.id, change.version)
        kept["cursor"], is_complete = page.next_cursor, page.is_complete
        save(kept)
    print("KEPT", len(kept["copies"]))


show_list()
if is_notice_due():
    save({"cursor": None, "copies": {}})
    print("KEPT 0")
else:
    kept = opened()
    follow(kept)
    for article_id, copy in list(kept["copies"].items())[:1]:
        conditional = client.with_headers({"If-None-Match": copy["etag"]})
        answer = get_article.sync_detailed(article_id, client=conditional)
        print("UNCHANGED" if answer.status_code == HTTPStatus.NOT_MODIFIED else "CHANGED", article_id)
        article = copy["article"]  # shown without a network
        print("OFFLINE", article["direction"], article["headline"], f"({len(article['body'])} blocks)")
