"""WordPress's export (WXR): RSS with every post in any state, in the markup of WordPress's editor.

Posts that readers could read become published articles. Drafts, pending, private and future posts, and those with a
password, become drafts. Pages, menus, attachments and deleted posts are not articles; attachments name the pictures of
posts.
"""

import re
from collections.abc import Iterator

from content_api.content.article import Article
from importing.feeds.items import article_from, tags_in
from importing.feeds.reading import WORDPRESS, Feed, Node, all_text, children, local_name, namespace_of, text_of
from importing.html.authors import authors
from importing.html.parsing import text_of_markup
from importing.html.pictures import picture_at
from importing.refused import FileRefused
from importing.words.instants import instant_of

_POSTS = frozenset({"post", ""})
_GONE = frozenset({"trash", "auto-draft", "inherit"})
_BLOCKS = re.compile(
    r"<(?:p|div|h[1-6]|ul|ol|table|pre|blockquote|figure|form|section|article|aside|hr|iframe|script|style|address|dl|video|audio)\b",
    re.IGNORECASE,
)
_BLANK = re.compile(r"\n[ \t\r]*\n\s*")
_ONLY_MARKUP = re.compile(
    r"</?(?:p|div|h[1-6]|ul|ol|li|table|tr|td|th|tbody|thead|pre|blockquote|figure|section|hr)\b", re.IGNORECASE
)
_NO_DATE = "0000-00-00 00:00:00"


class Export:
    """The posts of a file, with the authors and pictures that they refer to."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._names = {
            _word(each, "author_login"): _word(each, "author_display_name")
            for each in children(feed.channel, "author", namespace=WORDPRESS)
        }
        self._files = {
            _word(each, "post_id"): (_word(each, "attachment_url"), text_of(each, "encoded", namespace="excerpt"))
            for each in feed.entries
            if _word(each, "post_type") == "attachment"
        }

    def posts(self) -> Iterator[tuple[int, Node]]:
        """The posts, with their numbers in the file."""
        for at, each in enumerate(self._feed.entries, start=1):
            if _word(each, "post_type") in _POSTS and _word(each, "status") not in _GONE:
                yield at, each

    def article_of(self, entry: Node, *, language: str | None, left_out: list[str]) -> Article:
        """The article in a post. `left_out` is called as in `blocks_of`. Raises FileRefused."""
        content = next(iter(children(entry, "encoded", namespace="content")), None)
        markup = _with_paragraphs(all_text(content)) if content is not None else ""
        if not markup.strip():
            raise FileRefused("the post has no text", hint="Write it, or leave the post out of the export.")
        is_public = _word(entry, "status") == "publish" and not _word(entry, "post_password")
        fields: dict[str, object] = {
            "language": language or self._feed.language,
            "status": "published" if is_public else "draft",
        }
        excerpt = text_of_markup(text_of(entry, "encoded", namespace="excerpt"))[:10_000]
        fields["standfirst"] = excerpt or None
        stated = [_word(entry, name) for name in ("post_date_gmt", "post_date")]
        fields["published_at"] = next((instant_of(each) for each in stated if each and each != _NO_DATE), None)
        changed = _word(entry, "post_modified_gmt")
        fields["updated_at"] = instant_of(changed) if changed and changed != _NO_DATE else None
        login = text_of(entry, "creator")
        fields["byline"] = authors([self._names.get(login) or login])
        terms = [each for each in children(entry, "category") if all_text(each).lower() != "uncategorized"]
        fields["tags"] = tags_in([all_text(each) for each in terms if each.get("domain") == "post_tag"])
        sections = [text_of_markup(all_text(each)) for each in terms if each.get("domain") != "post_tag"]
        fields["section"] = next((each[:500] for each in sections if each), None)
        if (picture := self._picture(entry)) is not None:
            fields["lead_image"] = picture
        return article_from(entry, markup, fields, base=self._feed.base, left_out=left_out)

    def _picture(self, entry: Node) -> object:
        for each in children(entry, "postmeta", namespace=WORDPRESS):
            if _word(each, "meta_key") == "_thumbnail_id":
                address, caption = self._files.get(_word(each, "meta_value"), ("", ""))
                return picture_at(address, caption=text_of_markup(caption)) if address else None
        return None


def _word(node: Node, name: str) -> str:
    return next((all_text(each) for each in node if local_name(each) == name and WORDPRESS in namespace_of(each)), "")


def _with_paragraphs(content: str) -> str:
    """The content with paragraphs as WordPress shows them: where there is no markup, a blank line ends a paragraph, and
    a single line break is a break.
    """
    if "<!-- wp:" in content or "<p>" in content:
        return content
    made: list[str] = []
    for part in _BLANK.split(content.strip()):
        if _BLOCKS.match(part) or _ONLY_MARKUP.match(part):
            made.append(part)
        elif part:
            made.append(f"<p>{part.replace('\n', '<br>')}</p>")
    return "\n".join(made)
