"""The answers of the editorial API, as models for its contract. The members of an article come from
`content_api.content.article`.
"""

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import Field

from content_api.content.article import Article
from content_api.content.front import Front
from content_api.content.post import Post
from content_api.content.subject import Subject
from content_api.content.values import ArticleId, Instant, Language
from content_api.http.problems import PROBLEMS
from contract.models import Answer

type Status = Literal["draft", "published", "withdrawn"]


class Removal(Answer):
    """What sanitising removed from one text: names of elements, and of attributes behind their elements."""

    field: Annotated[str, Field(description="Where the text is, such as `body.3.html`.")]
    removed: list[str]


class ChangedArticle(Answer):
    """The version that the request made. It is the ETag of the answer, too."""

    sometimes = frozenset({"removed"})

    id: ArticleId
    version: int
    removed: list[Removal]


class Tombstone(Answer):
    """What is in the place of a withdrawn article. `note` is what readers are told."""

    id: ArticleId
    withdrawn_at: Instant
    note: str | None = None


class VersionSummary(Answer):
    """`by` is the IAM principal that made the version, or the part of this API that did. `reason` is for editors only.
    `publish_at` is the time at which a draft is published.
    """

    sometimes = frozenset({"reason", "publish_at"})

    version: int
    status: Status
    recorded_at: Instant
    by: str
    action: str
    reason: str = ""
    publish_at: Instant | None = None


class ArticleVersion(VersionSummary):
    """A version with what it says: an article, or the tombstone of a withdrawn one."""

    sometimes = frozenset({"reason", "publish_at", "article", "tombstone"})

    id: ArticleId
    article: Article
    tombstone: Tombstone


class VersionList(Answer):
    """The newest first. `next` is the path of the next page, or null."""

    versions: list[VersionSummary]
    next: str | None


class PatchOperation(Answer):
    """An operation of JSON Patch (RFC 6902)."""

    sometimes = frozenset({"value", "from"})
    model_config = Answer.model_config | {"extra": "allow"}

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: str
    value: Any = None


class Difference(Answer):
    """What turns the version `since` into the version `version`."""

    id: ArticleId
    since: int
    version: int
    patch: list[PatchOperation]


class Draft(Answer):
    sometimes = frozenset({"publish_at"})

    id: ArticleId
    version: int
    headline: str
    publish_at: Instant | None = None


class DraftList(Answer):
    """`next` is the path of the next page, or null."""

    drafts: list[Draft]
    next: str | None


class SavedDraft(Answer):
    """`version` is the draft's own, or the version of the published article that the pending edit is made on. The ETag
    goes into If-Match with the next change.
    """

    sometimes = frozenset({"removed"})

    id: ArticleId
    is_pending_edit: bool
    version: int
    removed: list[Removal]


class ReadDraft(Answer):
    """A draft that readers do not have, or the pending edit of a published article."""

    id: ArticleId
    is_pending_edit: bool
    version: int
    saved_at: Instant
    by: str
    article: Article


class PendingEditSummary(Answer):
    id: ArticleId
    headline: str
    on_version: Annotated[int, Field(description="The version that the edit is made on.")]
    by: str
    saved_at: Instant


class PendingEditList(Answer):
    """`next` is the path of the next page, or null."""

    edits: list[PendingEditSummary]
    next: str | None


class DraftDifference(Answer):
    """What turns the published version `since` into the pending edit."""

    id: ArticleId
    since: int
    patch: list[PatchOperation]


class ArticleIds(Answer):
    """Ids in no order. A page may be short or empty; there are more as long as `next` has the path of the next page."""

    articles: list[ArticleId]
    next: str | None


class PreviewLink(Answer):
    url: str
    expires_at: Instant


class NameInByline(Answer):
    name: str
    id: ArticleId | None


class FoundArticle(Answer):
    """What editors see of an article in a list. `by` and `action` say who wrote its version, and how. A draft that
    waits for its time has `publish_at`.
    """

    sometimes = frozenset({"publish_at"})

    id: ArticleId
    language: Language
    status: Status
    version: int
    changed_at: Instant
    by: str
    action: str
    headline: str
    standfirst: str | None
    section: str | None
    type: Literal["article", "video", "audio", "gallery", "live"]
    published_at: Instant | None
    updated_at: Instant | None
    tags: list[str]
    byline: list[NameInByline]
    publish_at: Instant


class FoundArticles(Answer):
    """`next` is the path of the next page, or null."""

    articles: list[FoundArticle]
    next: str | None


class Done(Answer):
    """Something that somebody did: `what` it was done to, and its id. The other members are of articles alone."""

    sometimes = frozenset({"language", "version", "status", "headline"})

    at: Instant
    by: str
    action: str
    what: Literal["article", "edit", "front", "post", "topic", "author", "show"]
    id: str
    language: Language
    version: int
    status: Status
    headline: str


class Log(Answer):
    """`next` is the path of the next page, or null."""

    day: dt.date
    done: list[Done]
    next: str | None


class KeptPost(Answer):
    """A post of a live blog. `post` is null if it was withdrawn."""

    number: int
    version: int
    post: Post | None


class PostList(Answer):
    """The newest first. `next` is the path of the next page, or null."""

    posts: list[KeptPost]
    next: str | None


class ChangedPost(Answer):
    """The version that the request made. It is the ETag of the answer, too."""

    sometimes = frozenset({"removed"})

    id: ArticleId
    number: int
    version: int
    removed: list[Removal]


class ChosenFront(Answer):
    version: int
    front: Front


class ChangedFront(Answer):
    language: Language
    version: int


class KeptSubject(Answer):
    """A topic, an author or another subject. `replaces` are the ids of those that were merged into it. `merged_into` is
    the id of the one that stands for it, or null.
    """

    version: int
    subject: Subject
    replaces: list[ArticleId]
    merged_into: ArticleId | None


class SubjectList(Answer):
    """In the order of their ids. `next` is the path of the next page, or null."""

    subjects: list[KeptSubject]
    next: str | None


class ChangedSubject(Answer):
    id: ArticleId
    version: int


class MergedSubject(ChangedSubject):
    merged_into: ArticleId


class ImportedArticle(Answer):
    """`outcome` says what became of the article: `superseded` means that a later file is there already."""

    sometimes = frozenset({"removed"})

    id: ArticleId
    version: int
    outcome: Literal["created", "replaced", "unchanged", "superseded"]
    removed: list[Removal]


class VerificationFinding(Answer):
    id: str
    detail: str
    is_repaired: bool


class VerifiedPart(Answer):
    """`cursor` goes into the next request; null after the last part."""

    checked: int
    findings: list[VerificationFinding]
    cursor: str | None


class UploadAddress(Answer):
    """PUT the bytes to `url`, with these headers, before it expires."""

    url: str
    headers: dict[str, str]
    expires_at: Instant


class UploadedMedium(Answer):
    """A file that an editor's program uploads. Once it is ready, more members say what it is (docs/media.md)."""

    model_config = Answer.model_config | {"extra": "allow"}
    sometimes = frozenset({"upload", "reason", "hint", "file_name", "created_at", "by"})

    id: str
    state: Annotated[str, Field(description="Such as `awaiting_upload`, `ready` or `rejected`.")]
    file_name: str = ""
    created_at: Instant | None = None
    by: str = ""
    upload: UploadAddress | None = None
    reason: Annotated[str, Field(description="Why it was rejected.")] = ""
    hint: Annotated[str, Field(description="What to do about it.")] = ""


class FieldError(Answer):
    field: Annotated[str, Field(description="Where the fault is, such as `body.3.html`; or a parameter or a header.")]
    detail: Annotated[str, Field(description="What is wrong there, and what to do.")]


class EditorialProblem(Answer):
    """RFC 9457. Programs read `code`, people `detail`. `errors` names each field at fault. `current_version` comes with
    `version-conflict`, and `request_id` with a 5xx.
    """

    sometimes = frozenset({"errors", "current_version", "request_id", "recall"})

    type: str
    title: str
    status: int
    code: Annotated[str, Field(json_schema_extra={"enum": [*PROBLEMS]})]
    detail: str
    errors: list[FieldError]
    current_version: int
    request_id: str
    recall: bool
