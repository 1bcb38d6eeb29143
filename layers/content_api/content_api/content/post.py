"""A post of a live blog: in the form in which editors send it, and in the one that readers get."""

from typing import Annotated, Any, Self

from pydantic import Field, ValidationInfo, model_validator

from content_api.content.article import MAXIMUM_BYLINES, Author, Block, Correction, Image, Part, Recording, Video
from content_api.content.document import compact_json
from content_api.content.recordings import add_addresses
from content_api.content.values import AS_KEPT, Instant, ShortText, Truth

type Json = dict[str, Any]

# A page has 20 posts, and is one answer (`quotas.LARGEST_BODY`).
MAXIMUM_BYTES = 60_000


class Post(Part):
    """`at` is when it happened or was posted; now, if nobody says. A key event stands in the list of those, and a
    pinned post above all others.
    """

    at: Instant | None = None
    updated_at: Instant | None = None
    headline: ShortText | None = None
    byline: Annotated[tuple[Author, ...], Field(max_length=MAXIMUM_BYLINES)] = ()
    body: Annotated[tuple[Block, ...], Field(min_length=1)]
    is_key_event: Truth = False
    is_pinned: Truth = False
    corrections: tuple[Correction, ...] = ()

    @model_validator(mode="after")
    def _names_no_uploads(self, info: ValidationInfo) -> Self:
        """Which article shows an uploaded file is kept with the article, so that the file can be taken back. A post has
        no such record.
        """
        if info.context == AS_KEPT:
            return self
        shown = [*self.body, *(each.poster for each in self.body if isinstance(each, Video) and each.poster)]
        if any(isinstance(each, Image | Recording) and each.media for each in shown):
            raise ValueError("names media, which only articles do: put it into the article, or name its files here")
        if any(isinstance(each, Recording) and each.captions for each in self.body):
            raise ValueError("names captions, which only articles do: put the recording into the article")
        return self

    @model_validator(mode="after")
    def _names_its_key_event(self, info: ValidationInfo) -> Self:
        if info.context != AS_KEPT and self.is_key_event and not self.headline:
            raise ValueError("is a key event without a headline, by which it is listed: give it one")
        return self

    @model_validator(mode="after")
    def _is_short(self, info: ValidationInfo) -> Self:
        size = len(compact_json(self.model_dump(mode="json")))
        if info.context != AS_KEPT and size > MAXIMUM_BYTES:
            raise ValueError(f"takes {size:,} bytes of JSON, and may take {MAXIMUM_BYTES:,}: split it in two posts")
        return self


def public_post(post: Post, number: int, version: int) -> Json:
    """What readers get of a post."""
    fields = post.model_dump(mode="json")
    for block in fields["body"]:
        if block["type"] in {"audio", "video"}:
            add_addresses(block)
    return {"number": number, "version": version, **fields}
