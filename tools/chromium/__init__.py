"""A real Chromium, such as readers have, for tests and screenshots."""

import base64
import json
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

_BINARY, _DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
_PATIENCE = 20  # seconds


class Chromium:
    """A page in Selenium's driver. The driver's own types are incomplete, so this class has types for what is used of
    it.
    """

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def get(self, url: str) -> None:
        self.driver.get(url)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - JavaScript's
        return self.driver.execute_script(script, *arguments)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    def cdp(self, command: str, **parameters: object) -> Any:  # noqa: ANN401 - Chrome's DevTools protocol
        return self.driver.execute_cdp_cmd(command, parameters)  # pyright: ignore[reportUnknownMemberType]

    def text(self) -> str:
        return str(self.run("return document.body.innerText"))

    def until(self, script: str, what: str) -> None:
        """Waits until a JavaScript expression is true. Raises TimeoutError, which names `what`."""
        wait_for(lambda: bool(self.run(f"return !!({script})")), what)

    def violations(self, axe: str) -> list[str]:
        """What axe-core finds wrong in the page. `axe` is its source. What it wants a person to look at is left out."""
        self.run(axe)
        found = self.driver.execute_async_script(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            "axe.run().then((result) => arguments[0](result.violations.map("
            "(each) => `${each.id}: ${each.nodes.map((node) => node.html).join(' ')}`)))"
        )
        return [str(each) for each in found]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def complaints(self) -> list[str]:
        """The messages of the console since the last call, with violations of the content security policy."""
        entries: list[dict[str, Any]] = self.driver.get_log("browser")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        return [str(each["message"]) for each in entries if "favicon" not in each["message"]]

    def requests(self) -> list[str]:
        """The addresses that the page and its frames have requested since the last call."""
        entries: list[dict[str, Any]] = self.driver.get_log("performance")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        messages = [json.loads(each["message"])["message"] for each in entries]
        asked = [each["params"]["request"]["url"] for each in messages if each["method"] == "Network.requestWillBeSent"]
        return [url for url in asked if url.startswith("http") and not url.endswith("/favicon.ico")]

    def screenshot(self, path: Path, *, height: int = 0) -> None:
        """Saves a picture of the page, from its top to its end, or to a height in CSS pixels."""
        path.parent.mkdir(parents=True, exist_ok=True)
        size = self.cdp("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": height or size["height"], "scale": 1}
        made = self.cdp("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(made["data"]))

    @contextmanager
    def shown(
        self, width: int = 1280, height: int = 900, *, media: str = "", features: Mapping[str, str] | None = None
    ) -> Generator[None]:
        """Shows the page on a screen of that many CSS pixels, or for print, with a reader's preferences (CSS media
        features).
        """
        emulated = [{"name": name, "value": value} for name, value in (features or {}).items()]
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,  # noqa: PLR2004 - a telephone
        )
        self.cdp("Emulation.setEmulatedMedia", media=media, features=emulated)
        try:
            yield
        finally:
            self.cdp("Emulation.clearDeviceMetricsOverride")
            self.cdp("Emulation.setEmulatedMedia", media="", features=[])


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Waits until the condition is true. Raises TimeoutError, which names `what`."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)


@contextmanager
def chromium(profile: Path) -> Generator[Chromium]:
    """Starts the Chromium and the driver that are installed on this machine. Only names of this machine are resolved,
    so no page can reach the internet.
    """
    options = Options()
    options.binary_location = _BINARY
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--user-data-dir={profile}",
    ):
        options.add_argument(argument)  # pyright: ignore[reportUnknownMemberType]
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})  # pyright: ignore[reportUnknownMemberType]
    driver = webdriver.Chrome(options, Service(_DRIVER))
    try:
        yield Chromium(driver)
    finally:
        driver.quit()
