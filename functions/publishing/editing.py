"""Changes what an article says, for editors and for files. Each change makes one version."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from content_api.content.article import Article
from content_api.content.complaints import complaints
from content_api.content.removals import removals
from content_api.names.subjects import AUTHOR, SHOW, TOPIC, Kind
from publishing.acts import Act, Invalid, NotPossibleNow
from publishing.merge_patch import merged
from publishing.pictures import check_described, has_fetched_pictures
from publishing.saving import Saving, refusing

if TYPE_CHECKING:
    from content_store.articles import ArticleStore
    from content_store.subjects import Subjects
    from content_store.taking_in import TakenIn
    from content_store.versions import Source

# What readers were told about the article. It does not change when the text of an old version is restored.
_KEPT_BY_RESTORE = ("status", "published_at", "updated_at", "corrections", "breaking_until")


@dataclass(frozen=True, slots=True)
class Saved:
    """The new version of the article, and what sanitising removed from its markup."""

    version: int
    removed: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Imported:
    id: str
    taken_in: "TakenIn"
    removed: list[dict[str, Any]]


class Editing:
    def __init__(self, store: "ArticleStore", subjects: "Subjects") -> None:
        self._store = store
        self._subjects = subjects
        self._saving = Saving(store)

    def put(self, article_id: str, body: dict[str, Any], act: Act, *, is_minor: bool = False) -> Saved:
        """Saves the whole article. Without a status it keeps the status that it has. A new article begins as a
        draft.
        """
        before = self._saving.article_of(article_id, act)
        named = body.get("id", article_id)
        if named != article_id:
            detail = f"is {article_id} in the address: leave it out, or make it the same"
            raise Invalid([{"field": "id", "detail": detail}])
        status = {"status": before.status if before else "draft"}
        article = self.checked(status | body | {"id": article_id})
        self._check_described(article, before, act)
        gone = removed_from(body, article, act)
        version = self._saving.save(article, before, act, "replace" if before else "create", is_minor=is_minor)
        return Saved(version, gone)

    def patch(self, article_id: str, patch: dict[str, Any], act: Act, *, is_minor: bool = False) -> Saved:
        """Changes the members that a JSON Merge Patch (RFC 7396) names."""
        before = self._saving.existing_article(article_id, act)
        if patch.get("id", article_id) != article_id:
            raise Invalid([{"field": "id", "detail": "cannot be changed"}])
        fields = merged(before.model_dump(mode="json"), patch)
        article = self.checked(fields)
        self._check_described(article, before, act)
        gone = removed_from(fields, article, act)
        version = self._saving.save(article, before, act, "patch", is_minor=is_minor)
        return Saved(version, gone)

    def restore(self, article_id: str, number: int, act: Act) -> int:
        """Saves the text of an old version; the state of the article does not change. What readers were told stays:
        when the article was published, that it was corrected, and until when it is breaking news. Returns the new
        version.
        """
        before = self._saving.existing_article(article_id, act)
        old = self._store.records.version(article_id, number).article
        if old is None:
            raise NotPossibleNow(f"version {number} is a tombstone: restore one before it")
        kept = {name: getattr(before, name) for name in _KEPT_BY_RESTORE}
        return self._saving.save(old.model_copy(update=kept), before, act, "restore")

    def take_in(self, fields: dict[str, Any], source: "Source", *, by: str, at: dt.datetime) -> Imported:
        """Takes in an article from a file of an archive."""
        article = self._as_stated(fields)
        with refusing():
            taken_in = self._store.take_in(article, source, by=by, at=at)
        return Imported(taken_in.article_id, taken_in, removed_from(fields, article))

    def _check_described(self, article: Article, before: Article | None, act: Act) -> None:
        """Raises Invalid if readers get, or will get at a set time, a picture that nobody has described."""
        if has_fetched_pictures(article, before):
            return
        is_waiting = act.expected_version and self._store.records.current(article.id).publish_at is not None
        if article.status == "published" or is_waiting:
            check_described(article, before)

    def _with_subjects(self, article: Article) -> Article:
        """The article with the topics, authors and show that stand now for those that it names. Raises Invalid if it
        names one that does not exist.
        """
        byline, wrong = list(article.byline), list[dict[str, str]]()
        tied = {at: each.id for at, each in enumerate(byline) if each.id}
        topics = self._standing(TOPIC, {f"topics.{at}": each for at, each in enumerate(article.topics)}, wrong)
        authors = self._standing(AUTHOR, {f"byline.{at}.id": each for at, each in tied.items()}, wrong)
        shows = self._standing(SHOW, {"episode.show": article.episode.show} if article.episode else {}, wrong)
        if wrong:
            raise Invalid(wrong)
        if article.episode:
            episode = article.episode.model_copy(update={"show": shows["episode.show"]})
            article = article.model_copy(update={"episode": episode})
        for at in tied:
            byline[at] = byline[at].model_copy(update={"id": authors[f"byline.{at}.id"]})
        named = tuple(dict.fromkeys(topics.values()))
        return article.model_copy(update={"topics": named, "byline": tuple(byline)})

    def _standing(self, kind: Kind, named: dict[str, str], wrong: list[dict[str, str]]) -> dict[str, str]:
        """By field, the id that stands for the one that it names. What no subject has is added to `wrong`."""
        found = self._subjects.survivors(kind, named.values()) if named else {}
        for field, each in named.items():
            if each not in found:
                detail = f"names the {kind.name} {each}, which does not exist: PUT /v1/editorial/{kind.plural}/{each}"
                wrong.append({"field": field, "detail": f"{detail} makes it, or leave it out"})
        return {field: found[each] for field, each in named.items() if each in found}

    def checked(self, fields: dict[str, Any]) -> Article:
        """The article that an editor has sent, with the topics, authors and show that stand now. Raises
        Invalid.
        """
        return self._with_subjects(self._as_stated(fields))

    def _as_stated(self, fields: dict[str, Any]) -> Article:
        """The article. Raises Invalid, also if a translation that exists is in another language than the article
        says.
        """
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


def removed_from(handed_in: dict[str, Any], article: Article, act: Act | None = None) -> list[dict[str, Any]]:
    """What sanitising takes out of the article's markup, by field. Raises Invalid if the act is strict and there is
    any.
    """
    gone = removals(handed_in, article.model_dump(mode="json"))
    if gone and act and act.is_strict:
        advice = "take it out yourself, or leave out strict, and it is taken out here"
        raise Invalid(
            [{"field": each["field"], "detail": f"has {', '.join(each['removed'][:5])}: {advice}"} for each in gone]
        )
    return gone
