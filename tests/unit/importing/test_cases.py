"""The cases beside the project, where they are at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from importing.articles.plain import plain
from importing.files import articles_in
from newsroom.pages import pictures, texts

CASES = Path(__file__).parents[4] / "shared" / "cases" / "importing"


def of_cases() -> list[tuple[Path, str, dict[str, Any]]]:
    found: list[tuple[Path, str, dict[str, Any]]] = []
    for path in sorted(CASES.glob("*/expected.json")):
        for name, stated in json.loads(path.read_text(encoding="utf-8"))["files"].items():
            found.append((path.parent / name, f"{path.parent.name}/{name}", stated))
    return found


@pytest.mark.parametrize(("path", "stated"), [pytest.param(p, s, id=n) for p, n, s in of_cases()])
def test_the_cases_beside_the_project(path: Path, stated: dict[str, Any]) -> None:
    found = articles_in(path.read_bytes(), language=stated["language"])
    assert found.articles, [str(each) for each in found.refused]
    article = found.articles[0]
    expected = stated["expect"]
    expected = expected.get("refused_or", expected)
    everything = article.model_dump_json()
    whole = "\n".join(f"{plain(block)} {getattr(block, 'caption', None) or ''}" for block in article.body)
    values: dict[str, Any] = {
        "articles": sum(each.status == "published" for each in found.articles),
        "headline": article.headline,
        "standfirst": article.standfirst,
        "byline": [each.name for each in article.byline],
        "paragraphs": len(texts(article)),
        "lead_caption": article.lead_image and article.lead_image.caption,
        "lead_credit": article.lead_image and article.lead_image.credit,
        "body_images": len(pictures(article)),
    }
    for name, value in values.items():
        assert name not in expected or value == expected[name], name
    assert str(article.published_at and article.published_at.isoformat()).startswith(
        expected.get("published_at_starts", "")
    )
    assert all(each in whole for each in expected.get("contains", []))
    assert not any(each in everything for each in expected.get("excludes", []))
    named = everything.replace("\\n", "\n")
    assert all(
        each in named for name in ("image_files", "image_urls", "embeds", "headings") for each in expected.get(name, [])
    )
