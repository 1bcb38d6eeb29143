"""What each method of each path of the editorial API is for, in words, with the function that answers it, and with the
shapes of its body and of its answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from content_api.content.article import Article
from content_api.content.front import Front
from content_api.content.post import Post
from content_api.content.subject import Subject
from content_api.names.subjects import KINDS, Kind
from contract.editorial_models import (
    ArticleIds,
    ArticleVersion,
    ChangedArticle,
    ChangedFront,
    ChangedPost,
    ChangedSubject,
    ChosenFront,
    Difference,
    DraftDifference,
    DraftList,
    FoundArticles,
    ImportedArticle,
    KeptPost,
    KeptSubject,
    Log,
    MergedSubject,
    PendingEditList,
    PostList,
    PreviewLink,
    ReadDraft,
    SavedDraft,
    SubjectList,
    UploadedMedium,
    VerifiedPart,
    VersionList,
)
from contract.models import PublicArticle
from publishing.resources.archive import Archive, Import, Step
from publishing.resources.articles import Articles
from publishing.resources.contract import Contract
from publishing.resources.drafts import Drafts
from publishing.resources.fronts import Fronts
from publishing.resources.media import Announced, Media
from publishing.resources.newsroom import OfNewsroom
from publishing.resources.posts import Posts
from publishing.resources.previews import Links, Preview
from publishing.resources.publication import Breaking, Publication, Schedule, Withdrawal
from publishing.resources.subjects import Merge, OfKind
from publishing.resources.versions import Versions

_JSON = "application/json"
# Which version a change is made on: none is named, If-Match is required, or If-None-Match: * does too.
type Precondition = Literal["none", "version", "version or none yet"]


@dataclass(frozen=True)
class EditorialOperation:
    """`answers` has the shape of the answer for each status below 400; None for a page. `is_page_too` says that who
    does not ask for JSON gets a page. `body` is the shape of the request's body. `body_type` is its media type.
    `problems` are the codes that this operation has besides those of every operation and of its precondition.
    """

    id: str
    summary: str
    description: str
    answered_by: Callable[..., Any]
    answers: dict[int, type[BaseModel] | None]
    body: type[BaseModel] | None = None
    body_type: str = _JSON
    precondition: Precondition = "none"
    problems: tuple[str, ...] = ()
    media_type: str = _JSON
    is_page_too: bool = False


_CHANGED: dict[int, type[BaseModel] | None] = {200: ChangedArticle}
_MADE: dict[int, type[BaseModel] | None] = {200: ChangedArticle, 201: ChangedArticle}
_OF_A_CHANGE = ("article-not-found", "article-is-withdrawn", "not-possible-now")
_OF_A_READ = ("article-not-found", "not-possible-now")
_DRAFT = "/v1/editorial/drafts/{id}"
_ARTICLE = "/v1/editorial/articles/{id}"


def _of_kind(kind: Kind) -> dict[str, EditorialOperation]:
    """The operations on the subjects of a kind: the same for every kind."""
    path, title = f"/v1/editorial/{kind.plural}", kind.name.title()
    return {
        f"GET {path}": EditorialOperation(
            f"list{title}sForEditors",
            f"All {kind.plural}",
            "By their ids, those that were merged into others too.",
            OfKind.listed,
            {200: SubjectList},
        ),
        f"GET {path}/{{id}}": EditorialOperation(
            f"read{title}",
            f"One {kind.name}",
            "As it is now. The ETag names the version: send it as If-Match with a change.",
            OfKind.read,
            {200: KeptSubject},
            problems=("subject-not-found",),
        ),
        f"PUT {path}/{{id}}": EditorialOperation(
            f"put{title}",
            f"Make or rename one {kind.name}",
            "The body is all of it. Its id never changes, so no article is written, and readers get the new names "
            "within 30 seconds.",
            OfKind.put,
            {200: ChangedSubject, 201: ChangedSubject},
            body=Subject,
            precondition="version or none yet",
            problems=("subject-not-found", "not-possible-now"),
        ),
        f"POST {path}/{{id}}/merge": EditorialOperation(
            f"merge{title}",
            f"Merge one {kind.name} into another",
            "From now on the other one stands for this id, for its aliases, and for all that were merged into it "
            "before. Articles stay as they are, and are on the list of the other. It cannot be undone.",
            OfKind.merge,
            {200: MergedSubject},
            body=Merge,
            precondition="version",
            problems=("subject-not-found", "not-possible-now"),
        ),
    }


OPERATIONS: dict[str, EditorialOperation] = {
    "GET /v1/editorial/articles": EditorialOperation(
        "listArticleIds",
        "All articles",
        "The ids of articles of every status, in no order, for whoever copies everything.",
        Articles.listed,
        {200: ArticleIds},
    ),
    f"GET {_ARTICLE}/posts": EditorialOperation(
        "listPosts",
        "The posts of a live blog",
        "The newest first, those that were withdrawn too.",
        Posts.listed,
        {200: PostList},
        problems=("article-not-found",),
    ),
    f"POST {_ARTICLE}/posts": EditorialOperation(
        "addPost",
        "Add a post to a live blog",
        "The article must be of the type `live`. The post gets the next number. Send an Idempotency-Key, so that it is "
        "added once.",
        Posts.add,
        {201: ChangedPost},
        body=Post,
        problems=_OF_A_CHANGE,
    ),
    f"GET {_ARTICLE}/posts/{{number}}": EditorialOperation(
        "readPost",
        "A post of a live blog",
        "The ETag names the version: send it as If-Match with a change.",
        Posts.read,
        {200: KeptPost},
        problems=("posts-not-found",),
    ),
    f"PUT {_ARTICLE}/posts/{{number}}": EditorialOperation(
        "correctPost",
        "Correct a post",
        "The body is all of it. Readers are told when it was changed. A post that was withdrawn comes back.",
        Posts.correct,
        {200: ChangedPost},
        body=Post,
        precondition="version",
        problems=("posts-not-found", *_OF_A_CHANGE),
    ),
    f"DELETE {_ARTICLE}/posts/{{number}}": EditorialOperation(
        "withdrawPost",
        "Withdraw a post",
        "Readers do not get it any more, and whoever keeps a copy is told its number. The others keep theirs.",
        Posts.withdraw,
        {200: ChangedPost},
        precondition="version",
        problems=("posts-not-found", *_OF_A_CHANGE),
    ),
    "GET /v1/editorial/search": EditorialOperation(
        "findArticles",
        "Find articles",
        "Articles of every status, in all languages or in some, as cards, the newest change first. Every word of `q` "
        "must begin a word of the headline, the standfirst, a tag, the section, the id or a name in the byline. The "
        "body is not looked at: readers' search does that for what is published. A page may be short or empty; there "
        "are more as long as there is a `next`. It follows a change within a second.",
        OfNewsroom.found,
        {200: FoundArticles},
    ),
    "GET /v1/editorial/log": EditorialOperation(
        "readLog",
        "What was done on a day",
        "Who did what to articles, pending edits, fronts, topics, authors and shows on a day in UTC (today if none is "
        "named), the newest first. It is kept for 400 days, and follows within seconds.",
        OfNewsroom.log,
        {200: Log},
    ),
    "GET /v1/editorial/drafts": EditorialOperation(
        "listDrafts",
        "The drafts of a language",
        "Sorted by id. A draft that waits for its time has `publish_at`.",
        Drafts.listed,
        {200: DraftList},
    ),
    "GET /v1/editorial/edits": EditorialOperation(
        "listPendingEdits",
        "The pending edits of a language",
        "Changes of published articles that no reader sees yet, sorted by id.",
        Drafts.edits,
        {200: PendingEditList},
    ),
    f"GET {_DRAFT}": EditorialOperation(
        "readDraft",
        "A draft, or a pending edit",
        "What is not public of an article: the draft, or the pending edit of a published article.",
        Drafts.read,
        {200: ReadDraft},
        problems=(*_OF_A_CHANGE, "draft-not-found"),
    ),
    f"PUT {_DRAFT}": EditorialOperation(
        "putDraft",
        "Make or replace a draft, or a pending edit",
        "Makes a draft, replaces one, or saves the pending edit of a published article, whose public version does not "
        "change. The first edit of a published article names the ETag of the article; each further one names the "
        "ETag of the edit. `status` cannot be set here.",
        Drafts.put,
        {200: SavedDraft, 201: SavedDraft},
        body=Article,
        precondition="version or none yet",
        problems=(*_OF_A_CHANGE, "draft-not-found"),
    ),
    f"PATCH {_DRAFT}": EditorialOperation(
        "patchDraft",
        "Change members of a draft, or of a pending edit",
        "A JSON Merge Patch (RFC 7396). Of a published article without a pending edit, it begins one.",
        Drafts.patch,
        {200: SavedDraft},
        body=Article,
        body_type="application/merge-patch+json",
        precondition="version",
        problems=(*_OF_A_CHANGE, "draft-not-found"),
    ),
    f"DELETE {_DRAFT}": EditorialOperation(
        "discardDraft",
        "Discard a draft, or a pending edit",
        "A draft that no reader ever had: readers go on to get 404, its versions stay, and reinstating it brings it "
        "back. Of a published article, the pending edit alone is discarded; what was saved stays in S3.",
        Drafts.discard,
        _CHANGED,
        precondition="version",
        problems=(*_OF_A_CHANGE, "draft-not-found"),
    ),
    f"GET {_DRAFT}/changes": EditorialOperation(
        "compareDraft",
        "What a pending edit changes",
        "JSON Patch (RFC 6902) that turns what is published into the pending edit.",
        Drafts.changes,
        {200: DraftDifference},
        problems=(*_OF_A_CHANGE, "draft-not-found", "answer-too-large"),
    ),
    f"POST {_DRAFT}/previews": EditorialOperation(
        "makeDraftPreview",
        "Make a link to a draft, or to a pending edit",
        "Whoever has the link sees it until it expires, is published or is discarded.",
        Links.make_of_draft,
        {201: PreviewLink},
        body=Preview,
        problems=(*_OF_A_CHANGE, "draft-not-found"),
    ),
    f"GET {_ARTICLE}": EditorialOperation(
        "readArticle",
        "An article",
        "The version that is current, also of a draft. A withdrawn article has a `tombstone` instead of `article`. The "
        "ETag names the version: send it as If-Match with a change.",
        Articles.read,
        {200: ArticleVersion},
        problems=_OF_A_READ,
    ),
    f"PUT {_ARTICLE}": EditorialOperation(
        "putArticle",
        "Make or replace an article",
        "The body is the whole article. Without a `status` it keeps the one that it has, and a new article is a draft. "
        "`removed` in the answer says what sanitising took out of the markup.",
        Articles.put,
        _MADE,
        body=Article,
        precondition="version or none yet",
        problems=(*_OF_A_CHANGE, "address-taken"),
    ),
    f"PATCH {_ARTICLE}": EditorialOperation(
        "patchArticle",
        "Change members of an article",
        "A JSON Merge Patch (RFC 7396): null removes a member, and a list is replaced whole.",
        Articles.patch,
        _CHANGED,
        body=Article,
        body_type="application/merge-patch+json",
        precondition="version",
        problems=(*_OF_A_CHANGE, "address-taken"),
    ),
    f"GET {_ARTICLE}/versions": EditorialOperation(
        "listVersions",
        "The history of an article",
        "Who made which version, when and why, the newest first.",
        Versions.listed,
        {200: VersionList},
        problems=_OF_A_READ,
    ),
    f"GET {_ARTICLE}/versions/{{number}}": EditorialOperation(
        "readVersion",
        "One version",
        "Every version is kept, and none is ever changed.",
        Versions.read,
        {200: ArticleVersion},
        problems=(*_OF_A_READ, "version-not-found"),
    ),
    f"GET {_ARTICLE}/versions/{{number}}/changes": EditorialOperation(
        "compareVersions",
        "What changed between two versions",
        "JSON Patch (RFC 6902) that turns the version `since` into this one. Of very long articles, each member that "
        "differs is replaced whole.",
        Versions.changes,
        {200: Difference},
        problems=(*_OF_A_READ, "version-not-found", "answer-too-large"),
    ),
    f"POST {_ARTICLE}/versions/{{number}}/restore": EditorialOperation(
        "restoreVersion",
        "Restore the text of an old version",
        "Makes a new version with the old text. What readers were told stays: the status, when the article was "
        "published, its corrections, and until when it is breaking news. `updated_at` becomes the time of the request.",
        Versions.restore,
        _CHANGED,
        precondition="version",
        problems=(*_OF_A_CHANGE, "version-not-found", "address-taken"),
    ),
    f"POST {_ARTICLE}/publish": EditorialOperation(
        "publishArticle",
        "Publish a draft, or a pending edit",
        "If-Match names which of them. A draft's `published_at` stays if it is in the past; otherwise it becomes the "
        "time of the request. If the article has changed since the edit was begun, what the edit changes is put on "
        "what the article is now, unless both have changed the same members.",
        Publication.publish,
        _CHANGED,
        precondition="version",
        problems=(*_OF_A_CHANGE, "draft-not-found", "address-taken"),
    ),
    f"PUT {_ARTICLE}/schedule": EditorialOperation(
        "scheduleArticle",
        "Publish a draft at a time",
        "At a whole minute in the future, with the text that the draft has then.",
        Publication.schedule,
        _CHANGED,
        body=Schedule,
        precondition="version",
        problems=_OF_A_CHANGE,
    ),
    f"DELETE {_ARTICLE}/schedule": EditorialOperation(
        "unscheduleArticle",
        "Let a draft wait no more",
        "The draft stays as it is, and is published when somebody says so.",
        Publication.unschedule,
        _CHANGED,
        precondition="version",
        problems=_OF_A_CHANGE,
    ),
    f"PUT {_ARTICLE}/breaking": EditorialOperation(
        "beginBreaking",
        "Mark an article as breaking news",
        "Until a time, so that it ends by itself in every copy.",
        Publication.begin_breaking,
        _CHANGED,
        body=Breaking,
        precondition="version",
        problems=_OF_A_CHANGE,
    ),
    f"DELETE {_ARTICLE}/breaking": EditorialOperation(
        "endBreaking",
        "End breaking news now",
        "The article stays published.",
        Publication.end_breaking,
        _CHANGED,
        precondition="version",
        problems=_OF_A_CHANGE,
    ),
    f"POST {_ARTICLE}/withdraw": EditorialOperation(
        "withdrawArticle",
        "Withdraw an article",
        "Readers get 410 with the tombstone, and copies are removed everywhere. `reason` is for editors only; `note` "
        "is public. Readers are not told of a draft that they never had: they get 404.",
        Publication.withdraw,
        _CHANGED,
        body=Withdrawal,
        precondition="version",
        problems=_OF_A_CHANGE,
    ),
    f"POST {_ARTICLE}/reinstate": EditorialOperation(
        "reinstateArticle",
        "Bring a withdrawn article back",
        "It becomes what it was before, on every list that it was on.",
        Publication.reinstate,
        _CHANGED,
        precondition="version",
        problems=(*_OF_A_CHANGE, "address-taken"),
    ),
    f"POST {_ARTICLE}/previews": EditorialOperation(
        "makePreview",
        "Make a link to a draft",
        "Whoever has the link sees the draft, until it expires. Idempotency-Key is ignored here, since the link is "
        "kept nowhere.",
        Links.make,
        {201: PreviewLink},
        body=Preview,
        problems=_OF_A_CHANGE,
    ),
    "GET /v1/previews/{token}": EditorialOperation(
        "openPreview",
        "Open a link to a draft",
        "A page, or with `Accept: application/json` the article's JSON. Needs no signature: the link itself is signed. "
        "The notices for a reader whose place is unknown come with it.",
        Links.open,
        {200: PublicArticle},
        is_page_too=True,
        problems=("article-not-found", "not-possible-now", "preview-expired", "article-withdrawn"),
    ),
    "GET /v1/editorial/fronts/{language}": EditorialOperation(
        "readFront",
        "The front that editors chose",
        "For as long as nobody has chosen one, readers get the newest articles.",
        Fronts.read,
        {200: ChosenFront},
        problems=("front-not-found",),
    ),
    "PUT /v1/editorial/fronts/{language}": EditorialOperation(
        "chooseFront",
        "Choose a front",
        "Ids of articles that exist, in the order in which readers see them. Withdrawn ones are left out by "
        "themselves. `language` is the one in the path.",
        Fronts.put,
        {200: ChangedFront, 201: ChangedFront},
        body=Front,
        precondition="version or none yet",
    ),
    "POST /v1/editorial/imports": EditorialOperation(
        "importArticle",
        "Import an article from a file",
        "One request for each article. Files may come in any order and again. No file overwrites what editors wrote.",
        Archive.take_in,
        {200: ImportedArticle, 201: ImportedArticle},
        body=Import,
        problems=("address-taken", "article-is-withdrawn", "not-possible-now"),
    ),
    "POST /v1/editorial/verifications": EditorialOperation(
        "verifyPart",
        "Compare a part of everything with the versions in S3",
        "Begin without a `cursor`, and send the one of each answer with the next request. `repair` puts right what can "
        "be. Several clients at once take a `segment` each.",
        Archive.verify,
        {200: VerifiedPart},
        body=Step,
    ),
    "POST /v1/editorial/media": EditorialOperation(
        "announceMedium",
        "Announce a file to be uploaded",
        "201 with the address to which the bytes go. 200 if the file is known: then with an address only if it is "
        "needed again.",
        Media.announce,
        {200: UploadedMedium, 201: UploadedMedium},
        body=Announced,
    ),
    "GET /v1/editorial/media/{id}": EditorialOperation(
        "readMedium",
        "What became of an uploaded file",
        "Ask again until its state is `ready` or `rejected`.",
        Media.read,
        {200: UploadedMedium},
        problems=("media-not-found", "not-possible-now"),
    ),
    **{key: operation for kind in KINDS for key, operation in _of_kind(kind).items()},
    "GET /v1/editorial/openapi.json": EditorialOperation(
        "getEditorialContract",
        "This contract",
        "OpenAPI 3.1.",
        Contract.openapi,
        {200: None},
    ),
    "GET /v1/editorial/docs": EditorialOperation(
        "getEditorialDocumentation",
        "This page",
        "The contract as a page for people.",
        Contract.docs,
        {200: None},
        media_type="text/html",
    ),
}
