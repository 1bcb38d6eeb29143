"""Which languages a request for several languages names."""

from __future__ import annotations

import json

ALL = "*"  # all languages of the publisher, as a language range (RFC 4647, section 2.1)


def spoken(asked: tuple[str, ...]) -> list[str]:
    """The languages, each once."""
    if ALL not in asked:
        return [*asked]
    from reading.catalogue import contents  # noqa: PLC0415 - most ask for one language

    return [each["language"] for each in json.loads(contents("languages.json"))]
