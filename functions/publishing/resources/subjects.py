"""Topics, authors and other subjects: lists, reads, makes, renames and merges them. One class serves every kind."""

from typing import TYPE_CHECKING, Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import BaseModel, ConfigDict, ValidationError

from content_api.content.complaints import complaints
from content_api.content.subject import Podcast, Subject, SubjectId
from content_api.content.values import DIGITS
from content_api.names.subjects import KINDS, SHOW, Kind
from content_store.newsroom import done_by
from publishing.acts import Invalid
from publishing.answers import answer
from publishing.pictures import UNDESCRIBED, is_undescribed
from publishing.requests import Requests
from publishing.resources.paths import EDITORIAL, Id, Routes

if TYPE_CHECKING:
    from content_store.subjects import Kept
    from publishing.desk import Desk


class Merge(BaseModel):
    model_config = ConfigDict(extra="forbid")

    into: SubjectId


class OfKind:
    """The subjects of one kind."""

    def __init__(self, kind: Kind, desk: "Desk", requests: Requests) -> None:
        self._kind = kind
        self._path = f"{EDITORIAL}/{kind.plural}"
        self._subjects = desk.subjects
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("GET", self._path, self.listed),
            ("GET", f"{self._path}/<id>", self.read),
            ("PUT", f"{self._path}/<id>", self.put),
            ("POST", f"{self._path}/<id>/merge", self.merge),
        ]

    def listed(
        self,
        after: Annotated[str, Query(max_length=96)] = "",
        limit: Annotated[int, Query(ge=1, le=100), DIGITS] = 50,
    ) -> Response[str]:
        found = self._subjects.listed(self._kind, after=after, limit=limit)
        last = found[-1].subject.id if len(found) == limit else ""
        more = f"{self._path}?limit={limit}&after={last}" if last else None
        return answer({"subjects": [_shown(each) for each in found], "next": more})

    def read(self, id: Id) -> Response[str]:  # noqa: A002 - the route's own word
        found = self._subjects.find(self._kind, id)
        return answer(_shown(found), version=found.version)

    def put(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act(may_be_new=True)
        expected = act.expected_version
        stated = self._requests.json()
        if stated.get("id", id) != id:
            detail = f"is {id} in the address: leave it out, or make it the same"
            raise Invalid([{"field": "id", "detail": detail}])
        try:
            subject = Subject.model_validate(stated | {"id": id})
        except ValidationError as error:
            raise Invalid(complaints(error)) from error
        if self._kind is SHOW:
            subject = subject.model_copy(update={"podcast": subject.podcast or Podcast()})
        elif subject.podcast:
            raise Invalid(
                [{"field": "podcast", "detail": f"is of shows alone, and this is the {self._kind.name} {id}"}]
            )
        if subject.picture and is_undescribed(subject.picture):
            raise Invalid([{"field": "picture.alt", "detail": UNDESCRIBED}])
        by = done_by(act.by, "replace" if expected else "create", act.at)
        version = self._subjects.save(self._kind, subject, expected_version=expected, by=by)
        headers = {} if expected else {"location": f"{self._path}/{id}"}
        return answer({"id": id, "version": version}, version=version, status=200 if expected else 201, headers=headers)

    def merge(self, id: Id) -> Response[str]:  # noqa: A002 - as above
        act = self._requests.act()
        into, by = self._requests.body(Merge).into, done_by(act.by, "merge", act.at)
        version = self._subjects.merge(self._kind, id, into, expected_version=act.expected_version, by=by)
        return answer({"id": id, "version": version, "merged_into": into}, version=version)


def _shown(kept: "Kept") -> dict[str, Any]:
    """What editors get of a subject."""
    return {
        "version": kept.version,
        "subject": kept.subject.model_dump(mode="json"),
        "replaces": [*kept.replaces],
        "merged_into": kept.merged_into or None,
    }


def kind_named_in(route: str) -> Kind | None:
    """The kind of subject that a route key names. None if it names none."""
    return next((kind for kind in KINDS if f"{EDITORIAL}/{kind.plural}/" in route), None)
