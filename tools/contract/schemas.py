"""The schemas of the contract, in a form from which generators make good typed clients.

Pydantic writes a schema for every alias of a string, repeats each member's name as a title, and writes a value that may
be null as a choice of two schemas. Many generators make unusable types from that, or none. So strings and numbers are
described in place, a value that may be null has two types, and no member has a default. A member with a default in its
model is always present in an answer.
"""

from collections.abc import Iterable
from typing import Any, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

type Schema = dict[str, Any]

_WHERE = "#/components/schemas/"
_PLAIN = {"string", "integer", "number", "boolean"}
# Schemas whose names are those of a type that Swift, Kotlin or Python has already.
_RENAMED = {"Picture": "ArticlePicture"} | {
    kind: f"{kind}Block"
    for kind in ("Audio", "Embed", "Heading", "Html", "Image", "List", "Paragraph", "Promotion", "Quote", "Video")
}
# Members that the path has already, so that a body may leave them out.
_IN_THE_PATH = {"ArticleInput": "id", "FrontInput": "language"}
# `additionalProperties` is left out because a later release may add members to an answer.
_LEFT_OUT = {"title", "default", "additionalProperties"}


def schemas(models: Iterable[type[BaseModel]]) -> dict[str, Schema]:
    """The schemas of the models, and of all models that they contain, by name, in alphabetical order."""
    ordered = sorted(models, key=lambda model: model.__name__)
    _, made = models_json_schema([(model, "serialization") for model in ordered], ref_template=f"{_WHERE}{{model}}")
    definitions: dict[str, Schema] = made["$defs"]
    kept = {name: schema for name, schema in definitions.items() if not _is_plain(schema, definitions)}
    return dict(sorted((_renamed(name), _simplified(schema, definitions)) for name, schema in kept.items()))


def body_schemas(models: Iterable[type[BaseModel]]) -> dict[str, Schema]:
    """The schemas of the models as clients send them, and of all models that they contain. Their names end in `Input`,
    since an answer always has the members that a client may leave out. `ArticleChanges` is a merge patch of an article:
    any of its members, and null removes one.
    """
    ordered = sorted(models, key=lambda model: model.__name__)
    _, made = models_json_schema([(model, "validation") for model in ordered], ref_template=f"{_WHERE}{{model}}")
    definitions: dict[str, Schema] = made["$defs"]
    kept = {name: schema for name, schema in definitions.items() if not _is_plain(schema, definitions)}
    found = {_input(_renamed(name)): _for_input(schema, definitions) for name, schema in kept.items()}
    for name, member in _IN_THE_PATH.items():
        if name in found:
            found[name]["required"].remove(member)
    if "ArticleInput" in found:
        members: Schema = found["ArticleInput"]["properties"]
        found["ArticleChanges"] = {
            "type": "object",
            "properties": {each: _removable(members[each]) for each in members},
        }
    return dict(sorted(found.items()))


def body_reference(model: type[BaseModel]) -> Schema:
    return {"$ref": _WHERE + _input(_renamed(model.__name__))}


def _input(name: str) -> str:
    return f"{name}Input"


def _for_input(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """The schema as `_simplified` gives it, but a member is required only where the model requires it."""
    made = _simplified(schema, definitions)
    if "properties" in made:
        made["required"] = [*schema.get("required", [])]
    return _to_input(made)


def _to_input(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """The schema with each reference leading to a schema for input."""
    if isinstance(schema, list):
        return [_to_input(each) for each in cast("list[Any]", schema)]
    if isinstance(schema, dict):
        return {key: _to_input(value) for key, value in cast("Schema", schema).items()}
    return f"{schema}Input" if isinstance(schema, str) and schema.startswith(_WHERE) else schema


def _removable(schema: Schema) -> Schema:
    """The schema of a member that null removes."""
    is_null_already = "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ())
    return schema if is_null_already else {"anyOf": [schema, {"type": "null"}]}


def reference(model: type[BaseModel]) -> Schema:
    return {"$ref": _to(model.__name__)}


def _to(name: str) -> str:
    return _WHERE + _renamed(name)


def _renamed(name: str) -> str:
    return _RENAMED.get(name, name)


def _is_plain(schema: Schema, definitions: dict[str, Schema]) -> bool:
    """Whether the schema is a string, a number or a boolean, or one of them or null."""
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
    """Simplifies the members of an object. A member may be called like a keyword of JSON Schema, such as `title`."""
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
