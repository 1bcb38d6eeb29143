"""The front of a language, as editors choose it."""

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response
from pydantic import ValidationError

from content_api.content.complaints import complaints
from content_api.content.front import Front
from content_api.http.problems import Problem
from content_store.newsroom import done_by
from publishing.acts import Invalid
from publishing.answers import answer
from publishing.requests import Requests
from publishing.resources.paths import EDITORIAL, LanguageTag, Routes

if TYPE_CHECKING:
    from publishing.desk import Desk


class Fronts:
    def __init__(self, desk: "Desk", requests: Requests) -> None:
        self._desk = desk
        self._requests = requests

    def routes(self) -> Routes:
        return [
            ("GET", f"{EDITORIAL}/fronts/<language>", self.read),
            ("PUT", f"{EDITORIAL}/fronts/<language>", self.put),
        ]

    def read(self, language: LanguageTag) -> Response[str]:
        version, front = self._desk.fronts.chosen(language)
        if front is None:
            raise Problem("front-not-found", f"Editors have chosen no front for {language}: PUT one.")
        return answer({"version": version, "front": front.model_dump(mode="json")}, version=version)

    def put(self, language: LanguageTag) -> Response[str]:
        act = self._requests.act(may_be_new=True)
        expected = act.expected_version
        try:
            front = Front.model_validate(self._requests.json() | {"language": language})
        except ValidationError as error:
            raise Invalid(complaints(error)) from error
        named = [*front.top, *(each for section in front.sections for each in section.articles)]
        if unknown := self._desk.records.unknown(named):
            raise Invalid([{"field": "articles", "detail": f"there are no articles {', '.join(unknown)}"}])
        version = self._desk.fronts.choose(front, expected_version=expected, by=done_by(act.by, "choose", act.at))
        made = {"language": language, "version": version}
        headers = {} if expected else {"location": f"{EDITORIAL}/fronts/{language}"}
        return answer(made, version=version, status=200 if expected else 201, headers=headers)
