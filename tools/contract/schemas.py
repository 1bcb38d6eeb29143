"""The contract's schemas, in the form that makers of typed clients read best.

Pydantic names every alias of a string, repeats each member's name as a title, and writes what may be null as a choice
of two schemas. From that, generators make types that nobody can use, or none. So here strings and numbers stand where
they are used, a value that may be null has two types, and no member has a default. A member that has one in a model is
always written.
"""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

type Schema = dict[str, Any]

_WHERE = "#/components/schemas/"
_PLAIN = {"string", "integer", "number", "boolean"}
# Schemas that a generator would name like something of Swift's, Kotlin's or Python's own.
_RENAMED = {"Picture": "ArticlePicture"} | {
    kind: f"{kind}Block"
    for kind in ("Audio", "Embed", "Heading", "Html", "Image", "List", "Paragraph", "Promotion", "Quote", "Video")
}
# An answer may get more members, so nothing closes its schema.
_LEFT_OUT = {"title", "default", "additionalProperties"}


def schemas(models: Iterable[type[BaseModel]]) -> dict[str, Schema]:
    """The schemas of the models and of all that they are made of, by name, in alphabetical order."""
    ordered = sorted(models, key=lambda model: model.__name__)
    _, made = models_json_schema([(model, "serialization") for model in ordered], ref_template=f"{_WHERE}{{model}}")
    definitions: dict[str, Schema] = made["$defs"]
    kept = {name: schema for name, schema in definitions.items() if not _is_plain(schema, definitions)}
    return dict(sorted((_renamed(name), _simplified(schema, definitions)) for name, schema in kept.items()))


def reference(model: type[BaseModel]) -> Schema:
    return {"$ref": _to(model.__name__)}


def _to(name: str) -> str:
    return _WHERE + _renamed(name)


def _renamed(name: str) -> str:
    return _RENAMED.get(name, name)


def _is_plain(schema: Schema, definitions: dict[str, Schema]) -> bool:
    """Whether the schema is a string, a number or a yes or no, null or not."""
    if "$ref" in schema:
        return _is_plain(definitions[schema["$ref"].removeprefix(_WHERE)], definitions)
    if "anyOf" in schema:
        return all(_is_plain(each, definitions) or each == {"type": "null"} for each in schema["anyOf"])
    return schema.get("type") in _PLAIN


def _simplified(schema: Any, definitions: dict[str, Schema]) -> Any:  # noqa: ANN401 - JSON
    if not isinstance(schema, dict):
        several: list[Any] | None = schema if isinstance(schema, list) else None  # pyright: ignore[reportUnknownVariableType] - JSON
        return schema if several is None else [_simplified(each, definitions) for each in several]  # pyright: ignore[reportUnknownVariableType] - as above
    stated: Schema = schema  # pyright: ignore[reportUnknownVariableType] - JSON
    kept = {key: value for key, value in stated.items() if key not in _LEFT_OUT}
    if "properties" in kept:
        return _object(kept, definitions)
    if "anyOf" in kept:
        return _nullable(kept, [_simplified(each, definitions) for each in kept["anyOf"]])
    if "$ref" in kept:
        return _referred(kept, definitions)
    if "mapping" in kept:  # of a discriminator
        return {**kept, "mapping": {value: _to(name.removeprefix(_WHERE)) for value, name in kept["mapping"].items()}}
    return {key: _simplified(value, definitions) for key, value in kept.items()}


def _object(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Its members may have the names of a schema's own words, such as `title`."""
    members: Schema = schema["properties"]
    always = {*schema.get("required", []), *(name for name, each in members.items() if "default" in each)}
    simplified = {name: _simplified(each, definitions) for name, each in members.items()}
    return {**schema, "properties": simplified, "required": [name for name in members if name in always]}


def _referred(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    name = schema["$ref"].removeprefix(_WHERE)
    if _is_plain(definitions[name], definitions):
        return {**_simplified(definitions[name], definitions), **beside}
    return {"$ref": _to(name), **beside}


def _nullable(schema: Schema, choices: list[Schema]) -> Schema:
    others = [each for each in choices if each != {"type": "null"}]
    if len(others) != 1 or len(choices) != len(others) + 1 or not isinstance(others[0].get("type"), str):
        return {**schema, "anyOf": choices}
    (other,) = others
    beside = {key: value for key, value in schema.items() if key != "anyOf"}
    values = {"enum": [*other["enum"], None]} if "enum" in other else {}
    return {**other, **values, **beside, "type": [other["type"], "null"]}
