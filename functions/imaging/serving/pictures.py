"""`GET /media/{id}/{crop}/{file}`: one file of a picture that a published article shows.

Behind CloudFront, this is asked only for what S3 does not have (template.yaml, Distribution). Without CloudFront, it is
asked for every picture.
"""

from __future__ import annotations

from content_api.aws.objects import ObjectAbsent
from content_api.http.problems import Problem
from content_api.http.response import binary
from content_api.names.cache_tags import TAG_HEADER, media_tag
from content_api.names.media import MEDIA_TYPES, Rendition, is_media_id, rendition_key, rendition_named
from content_store.uses import is_shown
from imaging.serving.uses import state_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.http.response import Response
    from content_api.reader_api.exchange import Exchange


def get_picture(exchange: Exchange) -> Response:
    stated = exchange.request.path_parameters
    media_id, rendition = stated.get("id", ""), rendition_named(f"{stated.get('crop')}/{stated.get('file')}")
    if not is_media_id(media_id) or rendition is None:
        raise _not_there()
    check_shown(exchange, media_id, rendition)
    try:
        content = exchange.bucket.read(rendition_key(media_id, rendition))
    except ObjectAbsent:
        from imaging.serving.making import made  # noqa: PLC0415 - boto3 and the rest only where a file is made

        content = made(exchange, media_id, rendition)
        if content is None:
            raise _not_there() from None
        # An article may have been withdrawn while the file was made.
        check_shown(exchange, media_id, rendition)
    headers = {
        "content-type": MEDIA_TYPES[rendition.format],
        "cache-control": exchange.kept_on_the_device,
        TAG_HEADER: media_tag(media_id),
    }
    return binary(content, headers)


def check_shown(exchange: Exchange, media_id: str, rendition: Rendition) -> None:
    """Raises Problem if no published article shows this file: 410 if one did, else 404."""
    state = state_of(exchange.table, media_id, lambda use: is_shown(use, rendition))
    if state == "shown":
        return
    if state == "gone":
        detail = "No article shows this picture any more. Remove every copy of it."
        raise Problem("picture-withdrawn", detail, headers={TAG_HEADER: media_tag(media_id)})
    raise _not_there()


def _not_there() -> Problem:
    return Problem("picture-not-found", "There is no such picture: take the addresses from an article's `renditions`.")
