"""Whether the pictures that an editor sends are described for readers who do not see them."""

from typing import Any

from content_api.content.article import Article, Picture
from content_api.content.picturing import pictures_of, with_pictures
from publishing.acts import Invalid

# The members of a picture that say which files it has.
_NO_FILES: dict[str, Any] = {
    "media": None, "renditions": (), "focal_point": None, "width": None, "height": None, "placeholder": None,
}  # fmt: skip
# The action of a version whose pictures alone come from elsewhere.
FETCHED_PICTURES = "fetch-pictures"
UNDESCRIBED = (
    "is empty: say what the picture shows to those who do not see it; or, if there is nothing to say, decorative: true"
)


def check_described(article: Article, before: Article | None) -> None:
    """Raises Invalid if a picture has no `alt` and is not decorative, when readers get the article. What was published
    without it before, as from an archive, may stay so: whoever mends a word need not describe every picture.
    """
    were = [each for _, each in pictures_of(before)] if before and before.status == "published" else []
    kept = [_shown(each) for each in were if is_undescribed(each)]
    wrong = [
        {"field": f"{field}.alt", "detail": UNDESCRIBED}
        for field, picture in pictures_of(article)
        if is_undescribed(picture) and _shown(picture) not in kept
    ]
    if wrong:
        raise Invalid(wrong)


def has_fetched_pictures(article: Article, before: Article | None) -> bool:
    """Whether nothing changes but where pictures come from: files of another host give way to an uploaded picture, or
    to nothing, where they could not be had. Nobody has edited the article then, and readers read what they read before.
    """
    if before is None or _without_files(article) != _without_files(before):
        return False
    pairs = zip((each for _, each in pictures_of(article)), (each for _, each in pictures_of(before)), strict=True)
    changed = [(new, old) for new, old in pairs if _shown(new) != _shown(old)]
    return bool(changed) and all(
        old.media is None and bool(old.renditions) and not new.renditions and new.focal_point is None
        for new, old in changed
    )


def _without_files(article: Article) -> dict[str, Any]:
    return with_pictures(article, lambda _, picture: picture.model_copy(update=_NO_FILES)).model_dump()


def is_undescribed(picture: Picture) -> bool:
    """Whether a reader who does not see the picture learns nothing of it. A caption alone needs no description."""
    return bool(picture.media or picture.renditions) and not picture.alt.strip() and not picture.decorative


def _shown(picture: Picture) -> tuple[object, ...]:
    return picture.media, picture.renditions
