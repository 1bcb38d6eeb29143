"""The variables in the paths of the editorial API, and a parameter that several paths take."""

from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from content_api.content.values import DIGITS, ID_PATTERN, TRUE_OR_FALSE, Language

EDITORIAL = "/v1/editorial"
ARTICLE = f"{EDITORIAL}/articles/<id>"

# Method, path, and the function that answers.
type Routes = list[tuple[str, str, Callable[..., Any]]]
type Id = Annotated[str, Path(pattern=ID_PATTERN)]
type Number = Annotated[int, Path(ge=1, le=999_999_999), DIGITS]
# A parameter: the edit leaves `updated_at` as it is.
type Minor = Annotated[bool, Query(), TRUE_OR_FALSE]
# A parameter: markup that would be taken out is refused.
type Strict = Annotated[bool, Query(), TRUE_OR_FALSE]
type LanguageTag = Annotated[Language, Path()]
