"""An article of the mirror as pages and as JSON: the notices, the headline, the standfirst, and then the text."""

from collections.abc import Callable, Iterator
from html import escape
from typing import Any

from content_api.content.cards import shortened
from content_api.content.rendering import body_html, body_text, figure_html, plain
from content_api.names.mirror_paths import article_path, picture_path
from mirroring.files import Files, Told, files_of, single
from mirroring.notices import MirrorNotices
from mirroring.splitting import Fragment, bounded, paragraphs
from mirroring.words import MirrorWords

type Json = dict[str, Any]

_LONGEST_STANDFIRST = 800  # characters, above the text; one that is longer goes on there
_MEMBERS = (
    "status", "type", "standfirst", "byline", "dateline", "section", "tags", "url", "published_at", "updated_at",
    "breaking_until",
)  # fmt: skip
_PICTURE_WIDTH = 320  # pixels


def article_files(shelf: str, article: Json, notices: MirrorNotices) -> Files:
    """`article` is the article's public JSON. A picture that was uploaded is shown from a file beside the page, which
    `pictures_of` names. Others, and recordings, are not shown, since their hosts would learn who reads: what is said of
    them is.
    """
    language: str = article["language"]
    words = MirrorWords(language)
    standfirst: str = article["standfirst"] or ""
    shown = shortened(standfirst, _LONGEST_STANDFIRST)
    link = f'<link rel="canonical" href="{escape(article["url"])}">' if article["url"] else ""
    told = Told(
        language=language,
        path=article_path(shelf, article["id"]),
        title=article["headline"],
        lead=f'<p class="lead">{escape(shown)}</p>' if shown else "",
        members={
            "id": article["id"],
            "version": article["version"],
            "headline": article["headline"],
            **bounded({name: article[name] for name in _MEMBERS} | {"standfirst": shown or None}),
        },
        items="body",
        links=link,
    )
    rest = paragraphs(standfirst) if shown != standfirst else iter(())
    return files_of(told, [*_about(article, words), *rest, *_blocks(shelf, article, words)], notices)


def withdrawn_files(shelf: str, article_id: str, language: str, notices: MirrorNotices) -> Files:
    """The page that replaces a withdrawn article. It says nothing of what the article said."""
    words = MirrorWords(language).common
    told = Told(
        language=language,
        path=article_path(shelf, article_id),
        title=words.plain("withdrawn"),
        lead=f"<p{words.mark}>{words['withdrawn_text']}</p>",
        members={"id": article_id, "status": "withdrawn", "recall": True},
        items="",
    )
    return single(told, notices)


def pictures_of(shelf: str, article: Json) -> dict[str, str]:
    """The names of the smallest files of the article's uploaded pictures (`names.media`), by the paths that they get in
    the mirror.
    """
    found = enumerate(_pictures(article), start=1)
    return {picture_path(shelf, article["id"], at): name for at, each in found if (name := _smallest(each))}


def _pictures(article: Json) -> list[Json]:
    """All pictures, in the order in which they are shown."""
    lead = [article["lead_image"]] if article["lead_image"] else []
    return [*lead, *(each for each in article["body"] if each["type"] == "image"), *article["images"]]


def _smallest(picture: Json) -> str:
    """The address of the smallest file of the whole picture, without the host. Empty for a picture of another host."""
    files = [
        each["url"]
        for each in picture["renditions"]
        if each.get("crop") == "original" and each["media_type"] == "image/webp" and each["width"] == _PICTURE_WIDTH
    ]
    return f"/media/{files[0].partition('/media/')[2]}" if files else ""


def _about(article: Json, words: MirrorWords) -> Iterator[Fragment]:
    """Who wrote it, where and when."""
    common = words.common
    stated = [f"<bdi>{escape(each['name'])}</bdi>" for each in article["byline"]]
    if article["dateline"] and article["dateline"]["place"]:
        stated.append(escape(article["dateline"]["place"]))
    if article["published_at"]:
        stated.append(common.date(article["published_at"]))
    if article["updated_at"]:
        stated.append(f"<span{common.mark}>{common['updated']}</span> {common.date(article['updated_at'])}")
    if stated:
        html = f'<p class="about">{" · ".join(stated)}</p>'
        yield Fragment(html, {}, plain(html))


def _blocks(shelf: str, article: Json, words: MirrorWords) -> Iterator[Fragment]:
    """All of the text, with its pictures and with what follows it."""
    local = _localiser(shelf, article["id"])
    if article["lead_image"]:
        yield _picture(local(article["lead_image"]))
    for block in article["body"]:
        yield _picture(local(block)) if block["type"] == "image" else _block(block)
    for picture in article["images"]:
        yield _picture(local(picture))
    common = words.common
    for at, each in enumerate(article["corrections"]):
        title = "" if at else f"<h2{common.mark}>{common['corrections']}</h2>"
        html = f"{title}<p>{common.date(each['at'])}: {escape(each['text'])}</p>"
        yield Fragment(html, {"type": "correction", **each}, each["text"])
    if article["rights"]:
        html = f"<p><small>{escape(article['rights'])}</small></p>"
        yield Fragment(html, {"type": "rights", "text": article["rights"]}, article["rights"])


def _block(block: Json) -> Fragment:
    """A recording is only named: it is no file of the mirror."""
    if block["type"] in {"audio", "video"}:
        title = block["title"] or ""
        html = f"<p>▶ {escape(title)}</p>"
        return Fragment(html, {"type": block["type"], "title": block["title"]}, title)
    return Fragment(body_html([block]), block, body_text([block]))


def _picture(picture: Json) -> Fragment:
    said = "\n".join(picture[name] for name in ("caption", "credit") if picture[name])
    members = ("alt", "caption", "credit", "width", "height", "renditions")
    value = {"type": "image", **{name: picture[name] for name in members}}
    return Fragment(figure_html(picture) if picture["renditions"] or said else "", value, said)


def _localiser(shelf: str, article_id: str) -> Callable[[Json], Json]:
    """Gives each picture the address of its file in the mirror, in their order."""
    number = 0

    def local(picture: Json) -> Json:
        nonlocal number
        number += 1
        if not _smallest(picture):
            return picture | {"renditions": []}
        name = picture_path(shelf, article_id, number).rpartition("/")[2]
        height = next(
            each["height"]
            for each in picture["renditions"]
            if each.get("crop") == "original" and each["width"] == _PICTURE_WIDTH
        )
        file = {"url": name, "media_type": "image/webp", "width": _PICTURE_WIDTH, "height": height}
        return picture | {"renditions": [file]}

    return local
