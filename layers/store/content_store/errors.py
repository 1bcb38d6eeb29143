"""Why a change was not made. Each class says what is true of the article, and knows nothing of HTTP.

StoreError
├── ArticleNotFound
├── VersionConflict      the article is at another version than the writer expects
├── PendingEditConflict  the pending edit was saved, published or discarded since the writer has read it
├── NoPendingEdit        the article is published, and nobody is editing it
├── VersionNotFound
├── ArticleWithdrawn     a withdrawn article must be reinstated before anything else is written to it
├── NotWithdrawn         only a withdrawn article can be reinstated
├── NotADraft            only a draft can have a time of publication that is still to come
├── AddressTaken         the address leads to another article
├── LanguageFixed        the language of an article never changes
├── EditedSince          editors have changed the article, and a file does not overwrite their work
├── LiesAhead            the article in a file has a date in the future, and would be published too early
├── AnotherArticle       articles in two files have the same title and date, but different texts and no address
├── PostNotFound         the live blog has no post with this number
├── SubjectNotFound      there is no topic, or author, with this id
├── SubjectIsMerged      another topic, or author, stands for this one
├── SubjectOnTooManyLists   its ids and aliases are more than a request can be filtered by
├── CannotMerge          the two cannot be merged; the message says why
├── ItemDamaged          the article's item in the table cannot be read
├── MediaNotThere     the article names files that were never uploaded, are not ready, or are of another kind
└── StoreBusy            too many writers at once; nothing was written
"""

import datetime as dt

from content_api.aws.failures import Tellable
from content_api.names.instants import printed


class StoreError(Tellable):
    pass


class ArticleNotFound(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"There is no article {article_id}")


class VersionConflict(StoreError):
    def __init__(self, article_id: str, expected: int) -> None:
        super().__init__(
            f"{article_id} is not at version {expected}: read it again and make the change on what it is now"
        )


class PendingEditConflict(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"{article_id} has another pending edit, or none any more: read it again and make the change on what it is "
            "now"
        )


class NoPendingEdit(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"{article_id} is published and has no pending edit: PUT or PATCH with If-Match and the ETag of the "
            "article begins one"
        )


class VersionNotFound(StoreError):
    def __init__(self, article_id: str, version: int) -> None:
        super().__init__(f"{article_id} has no version {version}: its history lists those there are")


class ArticleWithdrawn(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} was withdrawn: reinstate it before writing to it")


class NotWithdrawn(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} is not withdrawn: there is nothing to reinstate")


class NotADraft(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} is no draft: only a draft waits for its time")


class AddressTaken(StoreError):
    def __init__(self, article_id: str, address: str, holder: str, *, is_withdrawn: bool = False) -> None:
        found = f"{article_id} cannot have the address {address}: the article {holder}"
        if is_withdrawn:
            helps = f"was withdrawn from there, and no file takes its place. An editor can name it in {article_id}"
        else:
            helps = f"is found there. Take the address out of {holder} first, or leave it out here"
        super().__init__(f"{found} {helps}")
        self.address = address
        self.holder = holder


class LanguageFixed(StoreError):
    def __init__(self, article_id: str, language: str) -> None:
        super().__init__(f"{article_id} is in the language {language}: for another, make another article")


class EditedSince(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"An editor has changed {article_id}, and no file replaces that: patch it, or put the whole of it"
        )


class LiesAhead(StoreError):
    def __init__(self, article_id: str, published_at: dt.datetime) -> None:
        super().__init__(
            f"{article_id} has the date {printed(published_at)}, which lies ahead: import it as a draft, "
            "and schedule it"
        )


class AnotherArticle(StoreError):
    def __init__(self, article_id: str, file: str, holder: str) -> None:
        super().__init__(
            f"{file} and {holder or 'an editor'} have articles of one title and date, with other texts and without an "
            f"address: both would be {article_id}, which is that of {holder or 'the editor'} now. Give this one its "
            "address, or an id of its own. If it is the same article, patch it, or hand it in under the other name"
        )


class PostNotFound(StoreError):
    def __init__(self, article_id: str, number: int) -> None:
        super().__init__(f"{article_id} has no post {number}: GET /v1/editorial/articles/{article_id}/posts lists them")


class SubjectNotFound(StoreError):
    def __init__(self, kind: str, subject_id: str) -> None:
        super().__init__(f"There is no {kind} {subject_id}: PUT /v1/editorial/{kind}s/{subject_id} makes it")


class SubjectIsMerged(StoreError):
    def __init__(self, kind: str, subject_id: str, survivor: str) -> None:
        super().__init__(f"The {kind} {subject_id} was merged into {survivor}: change that one")


class SubjectOnTooManyLists(StoreError):
    def __init__(self, kind: str, subject_id: str, count: int, most: int) -> None:
        super().__init__(
            f"The {kind} {subject_id} would stand for {count} ids and aliases, with those of what was merged into it, "
            f"and may stand for {most}: take aliases out, or merge into another"
        )


class CannotMerge(StoreError):
    """The message says why two subjects cannot be merged, and what to do."""


class ItemDamaged(StoreError, ValueError):
    """A ValueError too, as whatever else cannot be read raises one."""

    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"What the table says of {article_id} cannot be read, and readers get its copy. S3 has every version: an "
            "operator deletes the item, and runs content-api verify --repair, which puts the article back"
        )


class MediaNotThere(StoreError):
    """`wrong` has the field and the detail of each."""

    def __init__(self, article_id: str, wrong: list[dict[str, str]]) -> None:
        named = "; ".join(f"{each['field']} {each['detail']}" for each in wrong[:5])
        super().__init__(f"{article_id} names {len(wrong)} pictures or recordings that it cannot have: {named}")
        self.wrong = wrong


class StoreBusy(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} was not written: too many writers at once. Try again")
