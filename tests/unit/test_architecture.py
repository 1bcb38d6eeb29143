"""docs/architecture.md: every file and folder that it names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
# Where a path of the page may begin: as the page says, in the package content_api or in functions; or beside another
# that it has just named, such as a module of the store.
BEGINNINGS = (
    "",
    "layers/content_api/content_api",
    "layers/store",
    "layers/store/content_store",
    "layers/search/content_search",
    "functions",
    "functions/importing",
    "functions/propagation",
    "tests/unit",
)
# What `make` writes, what a bucket holds, and names of members.
NO_FILES = {"openapi.json", "incoming/", "imported/", "rejected/", "current/", "articles/", "originals/", "media/"}
PATHS = sorted(set(re.findall(r"`([\w/-]+/|(?:[\w-]+/)*[\w-]+\.(?:py|js|json|yaml|md))`", TEXT)) - NO_FILES)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_the_page_names_is_there(path: str) -> None:
    assert any((ROOT / beginning / path).exists() for beginning in BEGINNINGS)


def test_the_page_names_many() -> None:
    assert len(PATHS) > 30
