"""Whatever pydantic says, people are told in sentences for people: in the editorial API and of files alike."""

import importlib
import json
import re
from pkgutil import iter_modules
from typing import Any, TypeAliasType, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic_core.core_schema import ErrorType

from content_api.content.article import Article
from content_api.content.complaints import complaints, sentence
from importing.files import articles_in
from publishing import resources
from thoroughness import examples

# What pydantic, json and Python say to programmers.
JARGON = re.compile(
    r"validation|Input should|[Vv]alue error|Field required|\btuple\b|\bdict\b|[Ss]tr type|Expecting|codec|NoneType"
    r"|\bunion\b|discriminat|Extra inputs|\bmodel\b|Errno|Traceback|object has no|\binstance\b|\bcallable\b|[{}]|got "
)
SAID_OF_ANYTHING = {"is not as it must be", "is not written as it must be"}
LONGEST = 300  # characters of a sentence
WHOLE: dict[str, Any] = {
    "id": "en-a-bridge",
    "status": "published",
    "type": "article",
    "language": "en",
    "url": "https://example.org/a",
    "aliases": ["https://example.org/b"],
    "headline": "A bridge",
    "standfirst": "It opened.",
    "byline": [{"name": "A. Writer", "url": "https://example.org/w"}],
    "dateline": {"place": "Prague", "date": "2025-11-20", "agency": "RFE/RL"},
    "section": "Europe",
    "tags": ["bridges"],
    "published_at": "2025-11-20T08:00:00Z",
    "updated_at": "2025-11-20T09:00:00Z",
    "lead_image": {"alt": "A bridge", "renditions": [{"url": "https://example.org/i", "media_type": "image/webp"}]},
    "images": [{"alt": "A bridge", "renditions": []}],
    "body": [
        {"type": "paragraph", "html": "It <b>opened</b>."},
        {"type": "heading", "level": 2, "text": "Then"},
        {
            "type": "image",
            "alt": "A bridge",
            "renditions": [{"url": "https://example.org/i", "media_type": "a", "width": 1}],
        },
        {"type": "audio", "duration_seconds": 1, "renditions": [{"url": "https://example.org/a", "media_type": "a/b"}]},
        {
            "type": "video",
            "renditions": [{"url": "https://example.org/v", "media_type": "a/b"}],
            "poster": {"alt": "A"},
        },
        {"type": "quote", "html": "Yes.", "attribution": "A. Speaker"},
        {"type": "list", "ordered": True, "items": ["One.", "Two."]},
        {"type": "embed", "url": "https://example.org/e", "tracks": True},
        {"type": "promotion", "kind": "newsletter", "name": "The Daily Line"},
        {"type": "html", "html": "<table><tr><td>1</td></tr></table>"},
    ],
    "translations": [{"language": "ru", "id": "ru-most"}],
    "rights": "All.",
    "corrections": [{"at": "2025-11-20T09:00:00Z", "text": "The year."}],
    "breaking_until": "2025-11-20T10:00:00Z",
}


def places(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where each member and entry of a JSON value stands."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = [*value.items()]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - any JSON
    elif isinstance(value, list):
        inner = [*enumerate(value)]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - as above
    return [place for name, each in inner for place in [(*here, name), *places(each, (*here, name))]]


def changed(place: tuple[str | int, ...], act: str, value: Any) -> dict[str, Any]:
    """The article with another value at a place, without it, or with something beside it."""
    made = json.loads(json.dumps(WHOLE))
    at: Any = made
    for name in place[:-1]:
        at = at[name]
    match act:
        case "replaced":
            at[place[-1]] = value
        case "left out":
            del at[place[-1]]
        case _ if isinstance(at, dict):
            at["misspelt"] = value
        case _:
            at += [value] * 31
    return made


texts = st.sampled_from(
    ["", " ", "a", "A B", "https://", "javascript:1", "2025-02-30", "24:00", "\x00", "x" * 201_000, "1e400", "zz-ZZ-zz"]
)
numbers = st.sampled_from([0, -1, 1, 5, 1.5, 10**40, True])
values = st.recursive(
    st.none() | texts | numbers,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["type", "html", "a"]), inner, max_size=2)
    ),
    max_leaves=4,
)


def test_the_article_is_one() -> None:
    assert Article.model_validate(WHOLE)


@pytest.mark.sampled
@settings(max_examples=examples(150, 500))
@given(place=st.sampled_from(places(WHOLE)), act=st.sampled_from(["replaced", "left out", "beside"]), value=values)
def test_whatever_is_wrong_with_an_article_is_said_in_a_sentence_of_its_own(
    place: tuple[str | int, ...], act: str, value: Any
) -> None:
    stated = changed(place, act, value)
    found = wrong_with(stated)
    for each in found:
        assert not JARGON.search(each["detail"]), each
        assert each["detail"] not in SAID_OF_ANYTHING, each
    for refused in articles_in(json.dumps(stated).encode()).refused if found else ():
        assert not JARGON.search(refused.reason.replace(str(value), "")), refused.reason
        assert not any(each in refused.reason for each in SAID_OF_ANYTHING)
        assert refused.hint


def wrong_with(stated: dict[str, Any]) -> list[dict[str, str]]:
    try:
        Article.model_validate(stated)
    except ValidationError as error:
        return complaints(error)
    return []


CONTEXT = {
    "min_length": 1, "max_length": 3, "gt": 0, "ge": 0, "lt": 9, "le": 9, "expected": "'a' or 'b'", "pattern": "^a$",
    "expected_tags": "'a', 'b'", "error": ValueError("says so itself"),
}  # fmt: skip


@pytest.mark.parametrize("kind", get_args(ErrorType))
def test_every_kind_of_error_that_pydantic_has_is_said_without_its_words(kind: str) -> None:
    said = sentence({"type": kind, "ctx": CONTEXT})
    assert said
    assert not JARGON.search(said), said


def models_in(annotation: Any) -> set[type[BaseModel]]:
    """The models that a type is made of, those of its members among them."""
    if isinstance(annotation, TypeAliasType):
        return models_in(annotation.__value__)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        inner = [models_in(each.annotation) for each in annotation.model_fields.values()]
        return {annotation}.union(*inner)
    return set[type[BaseModel]]().union(*map(models_in, get_args(annotation)))


def members_that_editors_send() -> list[tuple[type[BaseModel], str]]:
    """The members of articles, and of every model that a module of the editorial API's resources names, so that a new
    model is among them.
    """
    names = [f"{resources.__name__}.{each.name}" for each in iter_modules(resources.__path__)]
    known = [each for name in names for each in vars(importlib.import_module(name)).values() if isinstance(each, type)]
    found = {Article}.union(*map(models_in, [Article, *known]))
    return sorted(
        ((model, name) for model in found for name in model.model_fields), key=lambda each: (each[0].__name__, each[1])
    )


WRONG: list[Any] = [
    None, True, 0, -1, 1.5, 10**40, float("inf"), "", " ", "a", "A B", "x" * 201_000, "2025-02-30", "2025-11-20T24:00",
    "https://", "javascript:1", "/", "\x00", [], [None], ["", 1], ["a"] * 101, [{}] * 101, {}, {"type": "film"},
]  # fmt: skip


def wrong_in(model: type[BaseModel], stated: dict[str, Any]) -> list[str]:
    try:
        model.model_validate(stated)
    except ValidationError as error:
        return [each["detail"] for each in complaints(error)]
    return []


@pytest.mark.parametrize(("model", "name"), members_that_editors_send())
def test_whatever_is_wrong_with_a_member_that_editors_send_is_said_in_a_sentence_of_its_own(
    model: type[BaseModel], name: str
) -> None:
    for value in WRONG:
        for detail in wrong_in(model, {name: value, "misspelt": value}):
            assert 0 < len(detail) <= LONGEST, (value, detail)
            assert not JARGON.search(detail), (value, detail)
            assert detail not in SAID_OF_ANYTHING, (value, detail)


def test_pictures_and_fronts_are_among_what_editors_send() -> None:
    sent = {(model.__name__, name) for model, name in members_that_editors_send()}
    assert {("Announced", "sha256"), ("Front", "top"), ("FrontSection", "title"), ("Rendition", "width")} <= sent


def test_what_sanitising_took_out_of_our_json_is_known_of_a_file() -> None:
    stated = WHOLE | {"body": [{"type": "paragraph", "html": "It <b onclick='a()'>opened</b>.<script>b()</script>"}]}
    found = articles_in(json.dumps([stated, stated | {"id": "en-b", "body": WHOLE["body"]}]).encode())
    assert found.removed == {"en-a-bridge": [{"field": "body.0.html", "removed": ["b onclick", "script"]}]}


def test_a_list_of_wrong_entries_is_not_said_to_be_empty() -> None:
    body: list[Any] = [{"type": "heading", "text": "A", "level": 9}, {"type": "list", "items": []}]
    with pytest.raises(ValidationError) as raised:
        Article.model_validate({"id": "en-a", "language": "en", "headline": "A", "body": body})
    assert [each["field"] for each in complaints(raised.value)] == ["body.0.heading.level", "body.1.list.items"]
    with pytest.raises(ValidationError) as raised:
        Article.model_validate({"id": "en-a", "language": "en", "headline": "A", "body": []})
    assert complaints(raised.value) == [{"field": "body", "detail": "needs at least one entry"}]
