"""What an article says, as editors and files write it: each act makes one version."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from content_api.content.article import Article
from content_api.content.complaints import complaints
from content_api.content.removals import removals
from publishing.acts import Act, Invalid, NotPossibleNow
from publishing.merge_patch import merged
from publishing.saving import Saving, refusing

if TYPE_CHECKING:
    from content_api.store.articles import ArticleStore
    from content_api.store.taking_in import TakenIn
    from content_api.store.versions import Source

# What readers were told of an article that no version's text changes.
_KEPT_BY_RESTORE = ("status", "published_at", "updated_at", "corrections", "breaking_until")


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that an editor's article became, and what sanitising took out of its markup."""

    version: int
    removed: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Imported:
    id: str
    taken_in: "TakenIn"
    removed: list[dict[str, Any]]


class Editing:
    def __init__(self, store: "ArticleStore") -> None:
        self._store = store
        self._saving = Saving(store)

    def put(self, article_id: str, body: dict[str, Any], act: Act) -> Saved:
        """Saves the whole article. Without a status it keeps the one it has; a new article begins as a draft."""
        before = self._saving.article_of(article_id, act)
        named = body.get("id", article_id)
        if named != article_id:
            detail = f"is {article_id} in the address: leave it out, or make it the same"
            raise Invalid([{"field": "id", "detail": detail}])
        status = {"status": before.status if before else "draft"}
        article = self._checked(status | body | {"id": article_id})
        version = self._saving.save(article, before, act, "replace" if before else "create")
        return Saved(version, _removed(body, article))

    def patch(self, article_id: str, patch: dict[str, Any], act: Act) -> Saved:
        """Changes the members that a JSON Merge Patch (RFC 7396) names."""
        before = self._saving.existing_article(article_id, act)
        if patch.get("id", article_id) != article_id:
            raise Invalid([{"field": "id", "detail": "cannot be changed"}])
        fields = merged(before.model_dump(mode="json"), patch)
        article = self._checked(fields)
        return Saved(self._saving.save(article, before, act, "patch"), _removed(fields, article))

    def restore(self, article_id: str, number: int, act: Act) -> int:
        """Saves the text of an old version, in the state that the article is in now. What readers were told of the
        article stays: when it was published, that it was corrected, and until when it is breaking news.
        """
        before = self._saving.existing_article(article_id, act)
        old = self._store.records.version(article_id, number).article
        if old is None:
            raise NotPossibleNow(f"version {number} is a tombstone: restore one before it")
        kept = {name: getattr(before, name) for name in _KEPT_BY_RESTORE}
        return self._saving.save(old.model_copy(update=kept), before, act, "restore")

    def take_in(self, fields: dict[str, Any], source: "Source", *, by: str, at: dt.datetime) -> Imported:
        """Takes in an article from a file of an archive."""
        article = self._checked(fields)
        with refusing():
            taken_in = self._store.take_in(article, source, by=by, at=at)
        return Imported(taken_in.article_id, taken_in, _removed(fields, article))

    def _checked(self, fields: dict[str, Any]) -> Article:
        """The article, whose translations are in the languages that it says where they are there. Raises Invalid."""
        article = _validated(fields)
        found = self._store.records.languages(each.id for each in article.translations)
        wrong = [
            {
                "field": f"translations.{at}.language",
                "detail": f"is {each.language}, and the article {each.id} is in {found[each.id]}: correct one of them",
            }
            for at, each in enumerate(article.translations)
            if found.get(each.id, each.language) != each.language
        ]
        if wrong:
            raise Invalid(wrong)
        return article


def _validated(fields: dict[str, Any]) -> Article:
    """Raises Invalid."""
    try:
        return Article.model_validate(fields)
    except ValidationError as error:
        raise Invalid(complaints(error)) from error


def _removed(handed_in: dict[str, Any], article: Article) -> list[dict[str, Any]]:
    return removals(handed_in, article.model_dump(mode="json"))
