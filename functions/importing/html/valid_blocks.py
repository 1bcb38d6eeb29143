"""Makes blocks by the article's model, whose limits hold for imported texts too."""

from collections.abc import Callable, Iterator

from pydantic import ValidationError

from content_api.content.article import Block
from importing.refused import FileRefused


def valid_block(make: Callable[[], Block]) -> Iterator[Block]:
    """The block, or nothing if its text is empty. Raises FileRefused if the text is longer than the model allows, since
    no text may be cut.
    """
    try:
        yield make()
    except ValidationError as error:
        for each in error.errors(include_url=False, include_input=False):
            if each["type"] in {"string_too_long", "too_long"} and each["loc"][-1:] != ("url",):
                limit = each.get("ctx", {}).get("max_length")
                reason = f"a {error.title.lower()} is longer than the {limit:,} characters that one may have"
                raise FileRefused(reason, hint="Split it in parts.") from error
