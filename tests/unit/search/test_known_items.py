from pathlib import Path

import pytest
from tests.unit.search.known_items import KINDS, Archive

import newsroom


@pytest.mark.parametrize("language", newsroom.LANGUAGES)
def test_who_remembers_some_words_of_an_article_finds_it(language: str, tmp_path: Path) -> None:
    archive = Archive(language, tmp_path)
    assert len(archive.entries) > 100
    assert {kind: archive.share_found(kind) for kind in KINDS} == dict.fromkeys(KINDS, 1.0)
