"""An article as schema.org's NewsArticle (https://schema.org/NewsArticle) in JSON-LD, for search engines and
archives.
"""

from __future__ import annotations

import json

from content_api.content.pictures import for_search_engines, plain_file
from content_api.content.rendering import body_text
from content_api.names.instants import uniform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    type Node = dict[str, Any]


def news_article(
    article: Node,
    *,
    publisher: str,
    logo: str,
    usage: list[str],
    about: Sequence[Node] = (),
    posts: Sequence[Node] | None = None,
) -> str:
    """The members of a JSON object, of the article's own JSON. `logo` is the address of the publisher's, empty where
    none is stated. `usage` are the addresses of all notices in effect: whoever takes this over has other readers than
    the one who asks. `about` are the article's topics. `posts` are the
    newest of a live blog, which is a LiveBlogPosting then; None for other articles.
    """
    described = {
        "@context": "https://schema.org",
        "@type": "NewsArticle" if posts is None else "LiveBlogPosting",
        "identifier": article["id"],
        "url": article["url"],
        "mainEntityOfPage": article["url"],
        "headline": article["headline"],
        "description": article["standfirst"],
        "inLanguage": article["language"],
        "datePublished": _instant(article["published_at"]),
        "dateModified": _instant(article["updated_at"] or article["published_at"]),
        "dateline": _dateline(article["dateline"]),
        "articleSection": article["section"],
        "keywords": article["tags"],
        "about": list(about),
        "author": [_node("Person", name=each["name"], url=each["url"]) for each in article["byline"]],
        "publisher": _node(
            "NewsMediaOrganization", name=publisher, logo=_node("ImageObject", url=logo) if logo else None
        ),
        "image": [image for picture in _pictures(article) for image in _images(picture)],
        "audio": [_recording(block, article) for block in article["body"] if block["type"] == "audio"],
        "video": [_recording(block, article) for block in article["body"] if block["type"] == "video"],
        "isAccessibleForFree": True,
        "coverageStartTime": _instant(article["published_at"]) if posts is not None else None,
        "liveBlogUpdate": [_post(each, article) for each in posts or ()],
        "correction": [
            _node("CorrectionComment", text=each["text"], datePublished=_instant(each["at"]))
            for each in article["corrections"]
        ],
        "copyrightNotice": article["rights"],
        "usageInfo": usage,
        "workTranslation": [
            _node(
                "NewsArticle",
                identifier=each["id"],
                url=each["url"],
                inLanguage=each["language"],
                headline=each["headline"],
            )
            for each in article["translations"]
        ],
    }
    return json.dumps(_stated(described), ensure_ascii=False, separators=(",", ":"))[1:-1]


def _post(post: Node, article: Node) -> Node:
    return _node(
        "BlogPosting",
        identifier=f"{article['id']}#{post['number']}",
        headline=post["headline"] or article["headline"],
        articleBody=body_text(post["body"]),
        datePublished=_instant(post["at"]),
        dateModified=_instant(post["updated_at"] or post["at"]),
        author=[_node("Person", name=each["name"], url=each["url"]) for each in post["byline"]],
        inLanguage=article["language"],
    )


def thing(identifier: str, name: str, url: str) -> Node:
    """A topic. `url` is where its names in other languages are."""
    return _node("Thing", identifier=identifier, name=name, url=url)


def _recording(block: Node, article: Node) -> Node:
    """An audio or a video, as AudioObject or VideoObject. What it lacks of its own it takes from the article, since
    search engines show a video only with a name, a picture and a date.
    """
    posters = [block.get("poster"), article["lead_image"]]
    pictures = [file["url"] for picture in posters if picture and (file := plain_file(picture))]
    seconds = block["duration_seconds"]
    recorded = block["renditions"][0]
    return _node(
        f"{block['type'].title()}Object",
        name=block["title"] or article["headline"],
        description=article["standfirst"],
        contentUrl=recorded["url"],
        encodingFormat=recorded["media_type"],
        contentSize=str(block["bytes"]) if block.get("bytes") else None,
        width=recorded["width"],
        height=recorded["height"],
        caption=[
            _node("MediaObject", contentUrl=each["url"], inLanguage=each["language"])
            for each in block.get("captions") or ()
        ],
        transcript=block.get("transcript"),
        # ISO 8601.
        duration=f"PT{seconds}S" if seconds is not None else None,
        thumbnailUrl=pictures[:1],
        uploadDate=_instant(article["published_at"]),
        inLanguage=article["language"],
    )


def _instant(text: str | None) -> str | None:
    return uniform(text) if text else None


def _node(kind: str, **properties: object) -> Node:
    return {"@type": kind, **_stated(properties)}


def _stated(properties: Node) -> Node:
    """Leaves out properties without a value."""
    return {name: value for name, value in properties.items() if value not in (None, [], "")}


def _dateline(dateline: Node | None) -> str | None:
    stated = [dateline[name] for name in ("place", "date", "agency") if dateline[name]] if dateline else []
    return ", ".join(stated) or None


def _pictures(article: Node) -> list[Node]:
    lead = [article["lead_image"]] if article["lead_image"] else []
    return [*lead, *article["images"], *(block for block in article["body"] if block["type"] == "image")]


def _images(picture: Node) -> list[Node]:
    return [
        _node(
            "ImageObject",
            url=each["url"],
            encodingFormat=each["media_type"],
            width=each["width"],
            height=each["height"],
            caption=picture["caption"] or picture["alt"],
            creditText=picture["credit"],
        )
        for each in for_search_engines(picture)
    ]
