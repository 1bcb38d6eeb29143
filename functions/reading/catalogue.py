"""What there is: languages, sections, newsletters."""

from __future__ import annotations

import os.path

from content_api.keys import NEWSLETTERS, SECTIONS
from content_api.legal_notices import FALLBACK_LANGUAGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from content_api.asked import Asked
    from content_api.response import Response

_MOST = 1000


def get_languages(asked: Asked) -> Response:
    """Made from CLDR when the contract is, since Babel is slow to start."""
    languages = contents("languages.json").strip()
    return asked.answer(_language(asked), f'"languages":{languages}')


def get_sections(asked: Asked) -> Response:
    """Every section that an article ever named, by language."""
    return asked.answer(_language(asked), f'"sections":[{_entries(asked, SECTIONS)}]', cache_tags="sections")


def get_newsletters(asked: Asked) -> Response:
    """Every newsletter that an article offered, in the words it was last offered in."""
    return asked.answer(_language(asked), f'"newsletters":[{_entries(asked, NEWSLETTERS)}]', cache_tags="newsletters")


def contents(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123 - pathlib costs start-up
        return file.read()


def _entries(asked: Asked, partition: str) -> str:
    only = asked.parameters.get("language")
    found, _ = asked.table.query(
        partition,
        attributes="entry",
        limit=_MOST,
        lowest=f"{only}#" if only else "",
        highest=f"{only}#\U0010ffff" if only else "\U0010ffff",
    )
    return ",".join([each["entry"]["S"] for each in found])


def _language(asked: Asked) -> str:
    return asked.parameters.get("language", FALLBACK_LANGUAGE)
