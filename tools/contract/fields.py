"""The dotted paths that the parameter `fields` takes, from the models."""

from typing import Any, TypeAliasType, get_args

from pydantic import BaseModel

_UNCHOSEN = {"legal_notices", "stale"}


def paths(model: type[BaseModel]) -> list[str]:
    """The paths of a model, sorted. `legal_notices` and `stale` are left out, since they come whatever `fields`
    says.
    """
    return sorted(path for path in _below(model) if path.partition(".")[0] not in _UNCHOSEN)


def _below(model: type[BaseModel]) -> set[str]:
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(name)
        for inner in _models(field.annotation):
            found |= {f"{name}.{path}" for path in _below(inner)}
    return found


def _models(annotation: Any) -> set[type[BaseModel]]:  # noqa: ANN401 - annotations are of any type
    arguments: tuple[Any, ...] = get_args(annotation)
    if isinstance(annotation, TypeAliasType):
        return _models(annotation.__value__)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {model for argument in arguments for model in _models(argument)}
