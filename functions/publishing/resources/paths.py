"""What stands in the paths of the editorial API."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path

from content_api.content.article import ID_PATTERN, Language

EDITORIAL = "/v1/editorial"
ARTICLE = f"{EDITORIAL}/articles/<id>"

# Method, path, and what answers it.
type Routes = list[tuple[str, str, Callable[..., Any]]]
type Id = Annotated[str, Path(pattern=ID_PATTERN)]
type Number = Annotated[int, Path(ge=1, le=999_999_999)]
type LanguageTag = Annotated[Language, Path()]
