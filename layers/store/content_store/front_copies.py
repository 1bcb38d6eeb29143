"""A copy of each language's front beside the table, so that it can be read when the table does not answer."""

import json
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from content_api.aws.clients import error_code
from content_api.content.document import compact_json
from content_api.names.object_keys import front_copy_key
from content_store.article_copies import MISSING, OVERTAKEN, CopyContended

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3.client import S3Client

    # Members of a front: language, top, breaking, sections.
    type Front = dict[str, Any]

_ATTEMPTS = 5


class FrontCopies:
    def __init__(self, s3: "S3Client", *, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, language: str, front: "Callable[[], Front]") -> None:
        """Replaces the copy by `front()`. If another copy comes in between, the front is made again, so that the last
        copy has the latest writes. Raises CopyContended, and what S3 raises.
        """
        self._replace(language, lambda _: front())

    def take_off(self, language: str, article_id: str) -> None:
        """Removes a withdrawn article from the copy at once. Raises as `keep` does."""
        self._replace(language, lambda there: there and _without(there, article_id))

    def shown(self, language: str) -> "set[str] | None":
        """The ids of the articles on the copy that is there; None where there is none that can be read."""
        front, _ = self._there(language)
        return None if front is None else _ids(front)

    def _replace(self, language: str, change: "Callable[[Front | None], Front | None]") -> None:
        for _ in range(_ATTEMPTS):
            there, condition = self._there(language)
            front = change(there)
            if front is None or front == there:
                return
            try:
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=front_copy_key(language),
                    Body=compact_json(front),
                    ContentType="application/json",
                    **condition,
                )
            except ClientError as error:
                if error_code(error) not in OVERTAKEN:
                    raise
            else:
                return
        raise CopyContended(f"the front of {language}")

    def _there(self, language: str) -> "tuple[Front | None, dict[str, Any]]":
        """The copy, and the condition (of S3's PutObject) that it is still the same."""
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=front_copy_key(language))
        except ClientError as error:
            if error_code(error) not in MISSING:
                raise
            return None, {"IfNoneMatch": "*"}
        front = _front_in(found["Body"].read())  # None: it is damaged, and is made again
        return front, {"IfMatch": found["ETag"]}


def _front_in(content: bytes) -> "Front | None":
    """None for what is no front: a withdrawal must not fail because a copy is damaged."""
    try:
        front: Any = json.loads(content)
        _ids(front)
    except (KeyError, TypeError, ValueError):
        return None
    return front


def _ids(front: "Front") -> set[str]:
    cards = [*front["top"], *front["breaking"], *(each for part in front["sections"] for each in part["articles"])]
    return {card["id"] for card in cards}


def _without(front: "Front", article_id: str) -> "Front":
    """The front without an article, and without the sections that are left empty."""

    def left(cards: list[Any]) -> list[Any]:
        return [card for card in cards if card["id"] != article_id]

    sections = [section | {"articles": left(section["articles"])} for section in front["sections"]]
    return front | {
        "top": left(front["top"]),
        "breaking": left(front["breaking"]),
        "sections": [section for section in sections if section["articles"]],
    }
