"""What writers may do: drafts, and pending edits of published articles. Readers see nothing of either."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from content_api.content.article import Article
from content_store.current import WITHDRAWN, Current
from content_store.errors import (
    ArticleNotFound,
    ArticleWithdrawn,
    NoPendingEdit,
    PendingEditConflict,
    VersionConflict,
)
from content_store.pending_edits import PendingEdit
from publishing.acts import Act, Invalid, NotPossibleNow
from publishing.editing import Editing, Saved, removed_from
from publishing.merge_patch import merged
from publishing.merging import BothChanged, merged_edit
from publishing.pictures import check_described
from publishing.saving import Saving, refusing

if TYPE_CHECKING:
    from collections.abc import Callable

    from content_store.articles import ArticleStore


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft that no reader has, or the pending edit of a published article. `version` is the draft's own, or the one
    that the edit was made on. `digest` tells saved edits apart; empty for a draft.
    """

    article: Article
    version: int
    by: str
    saved_at: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class SavedDraft:
    version: int
    digest: str
    removed: list[dict[str, Any]]


class Drafting:
    def __init__(self, store: "ArticleStore", editing: Editing) -> None:
        self._store = store
        self._editing = editing
        self._saving = Saving(store)

    def latest(self, article_id: str) -> Draft:
        """The article as it is, published or not. Raises ArticleNotFound and ArticleWithdrawn."""
        latest = self._store.records.latest(article_id)
        if latest.article is None:
            raise ArticleWithdrawn(article_id)
        return Draft(latest.article, latest.version, latest.by, latest.recorded_at)

    def read(self, article_id: str) -> Draft:
        """The draft, or the pending edit. Raises ArticleNotFound, ArticleWithdrawn and NoPendingEdit."""
        latest = self.latest(article_id)
        if latest.article.status == "draft":
            return latest
        edit = self._store.edits.of(article_id, latest.article.language)
        if edit is None:
            raise NoPendingEdit(article_id)
        return Draft(edit.article, edit.base, edit.by, edit.saved_at, edit.digest)

    def edits(self, language: str, *, after: str, limit: int) -> list[dict[str, Any]]:
        """The pending edits of a language, sorted by id."""
        return self._store.edits.listed(language, after=after, limit=limit)

    def put(self, article_id: str, body: dict[str, Any], act: Act, *, onto: int | None = None) -> SavedDraft:
        """Saves the whole draft or pending edit. `onto` says that a pending edit is on that version now."""
        _check_status(body, "draft")
        current = self._store.records.current(article_id)
        if not current.version or current.status == "draft":
            return _of_a_draft(self._editing.put(article_id, body | {"status": "draft"}, act), onto)
        return self._save_edit(article_id, current, act, onto, lambda _: body)

    def patch(self, article_id: str, patch: dict[str, Any], act: Act, *, onto: int | None = None) -> SavedDraft:
        """Changes members of the draft or pending edit. A published article without one gets one."""
        _check_status(patch, "draft")
        current = self._store.records.current(article_id)
        if not current.version or current.status == "draft":
            return _of_a_draft(self._editing.patch(article_id, patch, act), onto)
        return self._save_edit(
            article_id, current, act, onto, lambda before: merged(before.model_dump(mode="json"), patch)
        )

    def discard(self, article_id: str, act: Act) -> int:
        """Discards a draft that no reader ever had, or a pending edit. The id of a discarded draft stays taken, and
        reinstating it brings the draft back. Returns the version that the article is at.
        """
        current = self._store.records.current(article_id)
        if current.status == "published":
            self._store.edits.discard(self._edit(article_id, current, act))
            return current.version
        if current.version == act.expected_version and current.status == "draft":
            if self._store.records.was_public(current.version_key):
                raise NotPossibleNow("readers had it: withdraw it")
            attribution = act.attribution("discard")
            return self._store.withdraw(
                article_id, expected_version=act.expected_version, at=act.at, attribution=attribution
            )
        if not current.version:
            raise ArticleNotFound(article_id)
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article_id)
        raise VersionConflict(article_id, act.expected_version)

    def changes(self, article_id: str) -> tuple[int, dict[str, Any], dict[str, Any]]:
        """The published version, what it says, and what the pending edit says (JSON)."""
        latest, draft = self.latest(article_id), self.read(article_id)
        if not draft.digest:
            raise NotPossibleNow("it is a draft: compare its versions")
        return latest.version, latest.article.model_dump(mode="json"), draft.article.model_dump(mode="json")

    def publish_edit(self, article_id: str, act: Act, *, is_minor: bool = False) -> int:
        """Publishes the pending edit that the act names. If the article has changed since the edit was begun, what the
        edit changes is put on what the article is now. Returns the new version.
        """
        current = self._store.records.current(article_id)
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article_id)
        edit = self._edit(article_id, current, act)
        before = self._store.records.recorded(current.version_key).article
        if before is None:
            raise ArticleWithdrawn(article_id)
        article = self._on_current(edit, before, current.version)
        check_described(article, before)
        now = Act(act.by, act.at, current.version)
        reason = f"Saved by {edit.by} on version {edit.base}."
        return self._saving.save(article, before, now, "edit", is_minor=is_minor, edit=edit, reason=reason)

    def _on_current(self, edit: PendingEdit, before: Article, version: int) -> Article:
        """Raises NotPossibleNow if the same members have changed since the edit was begun."""
        if edit.base == version:
            return edit.article
        base = self._store.records.version(before.id, edit.base).article or before
        try:
            fields = merged_edit(*(each.model_dump(mode="json") for each in (base, edit.article, before)))
        except BothChanged as both:
            raise NotPossibleNow(
                f"{both} changed in version {edit.base + 1} or later, too. Compare it with version {version}, and save "
                f"it again with ?onto={version}"
            ) from both
        return self._editing.checked(fields)

    def _edit(self, article_id: str, current: Current, act: Act) -> PendingEdit:
        """The pending edit that the act names. Raises NoPendingEdit and PendingEditConflict."""
        edit = self._store.edits.of(article_id, current.language) if current.version else None
        if edit is None:
            raise NoPendingEdit(article_id)
        if (edit.base, edit.digest) != (act.expected_version, act.expected_digest):
            raise PendingEditConflict(article_id)
        return edit

    def _save_edit(self, article_id: str, current: Current, act: Act, onto: int | None, change: "Change") -> SavedDraft:
        if current.status == WITHDRAWN:
            raise ArticleWithdrawn(article_id)
        edit = self._store.edits.of(article_id, current.language)
        if edit is None and act.expected_version != current.version:
            raise VersionConflict(article_id, act.expected_version)
        if edit and (edit.base, edit.digest) != (act.expected_version, act.expected_digest):
            raise PendingEditConflict(article_id)
        if onto is not None and onto != current.version:
            raise Invalid([{"field": "onto", "detail": f"is not the version that is published, {current.version}"}])
        published = self._store.records.recorded(current.version_key).article
        if published is None:
            raise ArticleWithdrawn(article_id)
        fields = change(edit.article if edit else published)
        if fields.get("id", article_id) != article_id:
            raise Invalid([{"field": "id", "detail": f"is {article_id} in the address: leave it out"}])
        stated = {"published_at": published.published_at} | fields | {"id": article_id, "status": "published"}
        article = self._editing.checked(stated)
        check_described(article, published)
        with refusing():
            # What could not be published is refused now, and not when its time has come.
            article = self._store.savable(article, current, at=act.at)
        gone = removed_from(fields, article, act)
        base = onto or (edit.base if edit else current.version)
        saved = self._store.edits.save(article, base=base, before=edit, by=act.by, at=act.at)
        return SavedDraft(base, saved.digest, gone)


type Change = "Callable[[Article], dict[str, Any]]"


def _of_a_draft(saved: Saved, onto: int | None) -> SavedDraft:
    if onto is not None:
        raise NotPossibleNow("only a pending edit of a published article takes onto")
    return SavedDraft(saved.version, "", saved.removed)


def _check_status(fields: dict[str, Any], *taken: str) -> None:
    """Whoever writes does not publish. Raises Invalid."""
    if fields.get("status", "draft") not in taken:
        detail = "is not set here: POST /publish publishes it, for whoever may"
        raise Invalid([{"field": "status", "detail": detail}])
