"""Takes in a file dropped under `incoming/`: its articles go to the store, and its bytes to `imported/` or `rejected/`.

A file whose import was interrupted comes again, and the result is the same: the store takes each article of a file
once, and the name of the copy has a hash of its content. The file is deleted from `incoming/` only when both are done,
in the version that was read.
"""

import datetime as dt
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from content_api.aws.clients import error_code
from content_api.content.addresses import NotAnAddress
from content_api.content.document import ArticleTooLarge
from content_api.content.language import normalised_language
from content_api.names.object_keys import IMPORTED, INCOMING, REJECTED
from content_store.articles import ArticleStore
from content_store.errors import (
    AddressTaken,
    AnotherArticle,
    ArticleWithdrawn,
    EditedSince,
    LanguageFixed,
    LiesAhead,
    MediaNotThere,
    StoreError,
)
from content_store.versions import Source
from importing.files import Found, articles_in, check_size
from importing.refused import FileRefused

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

    from content_api.content.article import Article

_BY = "content-api/importing"
_DIGITS = 12
# Tags of the file, such as the verdict of a malware scanner, are not copied. That would need permissions which a bucket
# with a scanner denies to everybody else (GuardDuty's user guide, "Using tag-based access control"), and a lifecycle
# rule for a tag could delete the copy. The scanner scans the copy as a new object.
_WITHOUT_TAGS = {"TaggingDirective": "REPLACE"}
_HINTS: dict[type[Exception], str] = {
    AnotherArticle: "Give one of the two its address, or its own id.",
    AddressTaken: "Correct the address, here or in the other article.",
    ArticleWithdrawn: "Reinstate it first, if it is to come back.",
    EditedSince: "Make the change in the article itself.",
    LanguageFixed: "Drop it in the folder of its language.",
    LiesAhead: "Import it as a draft, and schedule it.",
    ArticleTooLarge: "Split it.",
    NotAnAddress: "Correct the address.",
    MediaNotThere: "Upload them first: content-api upload FILE.",
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Dropped:
    """One version of an object, as S3's event names it. `sequencer` (hexadecimal) sorts the events about one key."""

    key: str
    version_id: str
    sequencer: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an article, or the whole file, was not taken in. `place` is the place in the file, and `hint` says what to
    do. Both may be empty.
    """

    reason: str
    place: str
    hint: str
    article: str = ""


class Intake:
    def __init__(self, store: ArticleStore, s3: "S3Client", *, bucket: str) -> None:
        self._store = store
        self._s3 = s3
        self._bucket = bucket

    def take(self, dropped: Dropped) -> None:
        """Takes in the articles of the file, and moves it to where it is kept. Raises what AWS raises, and StoreError
        if the store is too busy; then the file stays under `incoming/`.
        """
        head = self._head(dropped)
        if head is None:
            return
        digest, found = self._read(self._version(dropped), head["ContentLength"], dropped.key)
        mark = digest or _mark(head)
        taken: list[str] = []
        refused = [Refusal(each.reason, each.place, each.hint) for each in found.refused]
        order = _order(head["LastModified"], dropped.sequencer, mark)
        for article in found.articles:
            source = Source(dropped.key[-500:], order, by_title=article.id in found.by_title)
            outcome = self._take_in(article, source)
            if isinstance(outcome, Refusal):
                refused.append(outcome)
            else:
                taken.append(outcome)
        self._put_away(dropped, mark, taken, refused, found)

    def give_up(self, dropped: Dropped, attempts: int) -> None:
        """Moves a file to `rejected/` without reading it, since no attempt has finished it. Raises what AWS raises."""
        head = self._head(dropped)
        if head is not None:
            reason = f"importing it was not finished in {attempts} attempts"
            hint = "It takes too long to read, or AWS failed for an hour: split it, or drop it again."
            self._put_away(dropped, _mark(head), [], [Refusal(reason, "", hint)], Found())

    def _version(self, dropped: Dropped) -> Any:  # noqa: ANN401 - arguments of S3's calls
        return {"Bucket": self._bucket, "Key": dropped.key, "VersionId": dropped.version_id}

    def _head(self, dropped: Dropped) -> "HeadObjectOutputTypeDef | None":
        """None if the file is not there: the event came again after the file was taken in."""
        try:
            return self._s3.head_object(**self._version(dropped))
        except ClientError as error:
            if error_code(error) in {"404", "NoSuchKey", "NoSuchVersion"}:
                return None
            raise

    def _read(self, version: dict[str, Any], size: int, key: str) -> tuple[str, Found]:
        if key.endswith("/"):
            hint = "Drop files in it: the folder need not exist before."
            return "", Found(refused=[FileRefused("this is a folder, not a file", hint=hint)])
        try:
            check_size(size)
        except FileRefused as error:
            return "", Found(refused=[error])
        content = self._s3.get_object(**version)["Body"].read()
        try:
            found = articles_in(content, language=_language_of(key))
        except FileRefused as error:
            found = Found(refused=[error])
        return sha256(content).hexdigest(), found

    def _take_in(self, article: "Article", source: Source) -> Refusal | str:
        """The id under which the store has the article, or why it was refused."""
        try:
            return self._store.take_in(article, source, by=_BY, at=dt.datetime.now(dt.UTC)).article_id
        except (StoreError, ArticleTooLarge, NotAnAddress) as error:
            if type(error) not in _HINTS:
                raise
            return Refusal(str(error), "", _HINTS[type(error)], article.id)

    def _put_away(self, dropped: Dropped, mark: str, taken: list[str], refused: list[Refusal], found: Found) -> None:
        """Moves the file. Beside it goes a report: what was refused and why, what articles were taken in without, and
        what sanitising removed.
        """
        _tell(dropped.key, taken, refused, found.removed)
        folder = REJECTED if refused else IMPORTED
        target = f"{folder}{_put_away_as(dropped.key.removeprefix(INCOMING), mark[:_DIGITS])}"
        if refused or found.left_out or found.removed:
            report = {
                "file": dropped.key,
                "refused": [asdict(each) for each in refused],
                "imported": taken,
                "left_out": [asdict(each) for each in found.left_out],
                "removed": found.removed,
            }
            content = json.dumps(report, ensure_ascii=False, indent=2).encode()
            self._s3.put_object(Bucket=self._bucket, Key=f"{target}.json", Body=content, ContentType="application/json")
        self._s3.copy(self._version(dropped), self._bucket, target, ExtraArgs=_WITHOUT_TAGS)
        self._s3.delete_object(Bucket=self._bucket, Key=dropped.key, VersionId=dropped.version_id)


def _tell(key: str, taken: list[str], refused: list[Refusal], removed: Mapping[str, list[dict[str, Any]]]) -> None:
    """Logs what became of the file, with a line for each refusal, for operators and for `make run`."""
    logger.info("%s: %d articles imported, %d refused", key, len(taken), len(refused))
    for each in refused:
        said = ": ".join(part for part in (each.place, each.article, each.reason) if part)
        logger.warning("%s: refused: %s. %s", key, said, each.hint)
    for article_id, gone in removed.items():
        for each in gone:
            logger.warning("%s: %s: %s: taken out: %s", key, article_id, each["field"], ", ".join(each["removed"]))


def _put_away_as(path: str, mark: str) -> str:
    """The path with the mark before its suffix. A part that no file can be called (an empty one, `.`, `..`) gets a
    name.
    """
    *folders, name = (part if part.strip(".") else f"_{len(part)}" for part in path.split("/"))
    stem, dot, suffix = name.rpartition(".")
    marked = f"{stem}.{mark}.{suffix}" if dot and stem else f"{name}.{mark}"
    return "/".join([*folders, marked])


def _language_of(key: str) -> str | None:
    """The language that the folder under `incoming/` names. None for a file without a folder. Raises FileRefused."""
    folder, slash, _ = key.removeprefix(INCOMING).partition("/")
    if not slash:
        return None
    try:
        return normalised_language(folder)
    except ValueError as error:
        raise FileRefused(
            str(error), place=f"folder {folder}", hint="Drop it under incoming/en/ or the like."
        ) from None


def _mark(head: "HeadObjectOutputTypeDef") -> str:
    """A mark for a file that was not read: a hash of its ETag."""
    return sha256(head["ETag"].encode()).hexdigest()


def _order(at: dt.datetime, sequencer: str, mark: str) -> str:
    """A text that sorts files by the time at which they were dropped. S3's sequencer sorts two files of one key in the
    same second. Of two files with different keys and the same time, the one whose mark sorts last wins, whichever is
    read first.
    """
    return f"{at.astimezone(dt.UTC).isoformat(timespec='microseconds')} {sequencer:0>32} {mark[:16]}"
