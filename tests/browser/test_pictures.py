"""From a folder to an article: a picture is uploaded with content-api, and seen in Chromium, 320 pixels wide."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chromium import Chromium
from gateway.pictures import drawn

SHOWN = "[document.querySelector('picture img').currentSrc, document.querySelector('picture img').naturalWidth]"


def test_a_picture_goes_from_a_folder_to_an_article_seen_at_320_pixels_in_three_formats(
    address: str, chrome: Chromium, editor: Callable[..., None], tmp_path: Path, screenshots: Path
) -> None:
    file = tmp_path / "bridge.jpg"
    file.write_bytes(drawn("bridge", 1200, "JPEG"))
    said = ["--alt", "A bridge at dusk", "--credit", "Mira Halvorsen", "--focal", "0.3,0.7"]
    uploaded = subprocess.run(
        [Path(sys.executable).with_name("content-api"), "upload", str(file), *said],
        env=os.environ | {"CONTENT_API_URL": address},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert uploaded.returncode == 0, uploaded.stderr
    ready, named = uploaded.stdout.splitlines()
    picture: dict[str, Any] = json.loads(named)
    assert ready.startswith(f"ready {picture['media']}  1200 × 800")
    assert (picture["alt"], picture["focal_point"]) == ("A bridge at dusk", {"x": 0.3, "y": 0.7})
    body = [{"type": "paragraph", "html": "The bridge is open."}]
    fields = {"language": "en", "status": "published", "headline": "The Bridge", "body": body, "lead_image": picture}
    editor({"id": "en-the-bridge", **fields})
    chrome.cdp("Emulation.setDeviceMetricsOverride", width=320, height=640, deviceScaleFactor=1, mobile=True)
    try:
        chrome.get(f"{address}/embed/articles/en-the-bridge")
        seen: list[str] = []
        for kind in ("avif", "webp", "jpg"):
            chrome.run("document.querySelector('picture img').loading = 'eager'")
            at = f"{address}/media/{picture['media']}/original/320.{kind}"
            chrome.until(f"{SHOWN}[0] === '{at}' && {SHOWN}[1] === 320", f"the picture as {kind}")
            seen.append(at)
            if kind == "avif":
                chrome.screenshot(screenshots / "picture-320.png")
            # As a browser sees the page that does not know the format.
            chrome.run("document.querySelector('picture source')?.remove()")
        assert len(seen) == 3
        assert not chrome.complaints()
    finally:
        chrome.cdp("Emulation.clearDeviceMetricsOverride")
