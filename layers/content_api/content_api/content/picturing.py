"""The pictures of an article, wherever they stand in it: the lead image, the images, those in the body, and posters."""

from collections.abc import Callable, Iterator
from typing import Any

from content_api.content.article import Article, Image, Picture, Video

type Change = Callable[[str, Picture], Picture]


def pictures_of(article: Article) -> Iterator[tuple[str, Picture]]:
    """Each picture, with the path to it, such as `body.3`."""
    found: list[tuple[str, Picture]] = []

    def collect(field: str, picture: Picture) -> Picture:
        found.append((field, picture))
        return picture

    with_pictures(article, collect)
    yield from found


def with_pictures(article: Article, change: Change) -> Article:
    """The article with each picture changed. The function also gets the path to the picture."""

    def in_block(at: int, block: Any) -> Any:  # noqa: ANN401 - any block
        if isinstance(block, Image):
            return change(f"body.{at}", block)
        if isinstance(block, Video) and block.poster:
            return block.model_copy(update={"poster": change(f"body.{at}.poster", block.poster)})
        return block

    made: dict[str, Any] = {
        "images": tuple(change(f"images.{at}", each) for at, each in enumerate(article.images)),
        "body": tuple(in_block(at, each) for at, each in enumerate(article.body)),
    }
    if article.lead_image:
        made["lead_image"] = change("lead_image", article.lead_image)
    return article.model_copy(update=made)
