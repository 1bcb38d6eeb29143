"""The posts of live blogs: adds, corrects, withdraws and lists them."""

from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import ValidationError

from content_api.content.complaints import complaints
from content_api.content.post import Post
from content_api.content.removals import removals
from content_api.content.values import DIGITS
from content_store.errors import ArticleWithdrawn
from content_store.live_posts import MOST_POSTS, TooManyMarked
from publishing.acts import Invalid, NotPossibleNow
from publishing.answers import answer, removals_to_send
from publishing.requests import Requests
from publishing.resources.paths import ARTICLE, EDITORIAL, Id, Number, Routes

if TYPE_CHECKING:
    from content_store.live_posts import KeptPost
    from publishing.desk import Desk

LIVE = "live"
_POST = f"{ARTICLE}/posts/<number>"


class Posts:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._records = desk.records
        self._posts = desk.posts
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("GET", f"{ARTICLE}/posts", self.listed),
            ("POST", f"{ARTICLE}/posts", self.add),
            ("GET", _POST, self.read),
            ("PUT", _POST, self.correct),
            ("DELETE", _POST, self.withdraw),
        ]

    def listed(
        self,
        id: Id,  # noqa: A002 - the route's own word
        before: Annotated[int, Query(ge=1, le=MOST_POSTS + 1), DIGITS] = MOST_POSTS + 1,
        limit: Annotated[int, Query(ge=1, le=100), DIGITS] = 20,
    ) -> Response[str]:
        found = self._posts.listed(id, before=before, limit=limit)
        last = found[-1].number if found else 1
        more = f"{EDITORIAL}/articles/{id}/posts?limit={limit}&before={last}" if last > 1 else None
        return answer({"posts": [_shown(each) for each in found], "next": more})

    def add(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        by, at = self._requests.principal(), self._requests.clock()
        stated = self._requests.json()
        post = _post_in(stated)
        latest = self._records.latest(id).article
        if latest is None:
            raise ArticleWithdrawn(id)
        if latest.type != LIVE:
            raise NotPossibleNow(f"it is no live blog, but of the type {latest.type}: make its type live first")
        post = post.model_copy(update={"at": post.at or at})
        number = _marking(lambda: self._posts.add(id, post, by=by, at=at))
        headers = {"location": f"{EDITORIAL}/articles/{id}/posts/{number}"}
        return _written(id, number, 1, stated, post, status=201, headers=headers)

    def read(self, id: Id, number: Number) -> Response[str]:  # noqa: A002 - as above
        found = self._posts.find(id, number)
        return answer(_shown(found), version=found.version)

    def correct(self, id: Id, number: Number) -> Response[str]:  # noqa: A002 - as above
        """Replaces the whole post. Readers are told when it was changed; `at` stays, unless another is stated."""
        act = self._requests.act()
        stated = self._requests.json()
        post = _post_in(stated)
        before = self._posts.find(id, number).post
        at = post.at or (before.at if before else None) or act.at
        post = post.model_copy(update={"at": at, "updated_at": act.at})
        version = _marking(
            lambda: self._posts.replace(id, number, post, expected_version=act.expected_version, by=act.by, at=act.at)
        )
        return _written(id, number, version, stated, post)

    def withdraw(self, id: Id, number: Number) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.bare_act()
        version = self._posts.replace(id, number, None, expected_version=act.expected_version, by=act.by, at=act.at)
        return answer({"id": id, "number": number, "version": version}, version=version)


def _post_in(stated: dict[str, Any]) -> Post:
    """Raises Invalid."""
    try:
        return Post.model_validate(stated)
    except ValidationError as error:
        raise Invalid(complaints(error)) from error


def _marking(write: Any) -> int:  # noqa: ANN401 - a call that returns a number
    try:
        return write()
    except TooManyMarked as error:
        raise NotPossibleNow(str(error)) from error


def _written(  # noqa: PLR0913 - what an answer says
    article_id: str,
    number: int,
    version: int,
    stated: dict[str, Any],
    post: Post,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response[str]:
    body: dict[str, Any] = {"id": article_id, "number": number, "version": version}
    if gone := removals_to_send(removals(stated, post.model_dump(mode="json"))):
        body["removed"] = gone
    return answer(body, version=version, status=status, headers=headers)


def _shown(kept: "KeptPost") -> dict[str, Any]:
    """What editors get of a post. One that was withdrawn has none."""
    post = kept.post.model_dump(mode="json") if kept.post else None
    return {"number": kept.number, "version": kept.version, "post": post}
