"""Why a change was not made: what is true of the article, whoever asked.

StoreError
├── ArticleNotFound
├── VersionConflict      somebody else wrote a version first
├── VersionNotFound
├── ArticleWithdrawn     what is withdrawn comes back only by being reinstated
├── NotWithdrawn         only what is withdrawn can be reinstated
├── NotADraft            only a draft can be given a time at which it is published
├── AddressTaken         another article is found at that address
├── LanguageFixed        an article stays in its language
├── EditedSince          a file does not replace what editors made of the one before it
├── LiesAhead            a file publishes nothing before its time
├── AnotherArticle       two files have articles of one title, and no address tells them apart
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


class StoreBusy(StoreError):
    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} was not written: too many writers at once. Try again")
