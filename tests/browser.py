"""Debian's Chromium through Playwright: a page at a width, light or dark, and what it asks for and complains of."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from typing import Any, Self

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")
TIMEOUT_MS = 20_000


def find_chromium() -> str | None:
    """Path of the browser, or None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


needs_chromium = pytest.mark.skipif(
    find_chromium() is None, reason="no Chromium on this machine (Debian package 'chromium')"
)


class Browser:
    """One browser with one page and one profile; a context manager.

    It lives for a test or a module: Playwright holds an event loop while it runs, and other tests start their own.
    """

    page: Page

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._problems: list[str] = []
        self._requests: list[str] = []

    def __enter__(self) -> Self:
        playwright = self._stack.enter_context(sync_playwright())
        running = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        self._stack.callback(running.close)
        self.page = running.new_page()
        self.page.set_default_timeout(TIMEOUT_MS)
        self.page.on("request", lambda request: self._requests.append(request.url))
        self.page.on("pageerror", lambda error: self._problems.append(str(error)))
        self.page.on("console", self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning", "assert"}:
            self._problems.append(said.text)

    def open(self, address: str, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Show a page at a width, light or dark, and wait until it is loaded."""
        self.page.goto("about:blank")
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self._problems.clear()
        self._requests.clear()
        self.page.goto(address)

    def run(self, script: str) -> Any:
        """Value of a JavaScript expression in the page."""
        return self.page.evaluate(script)

    def press(self, key: str) -> None:
        """Press and release a key."""
        self.page.keyboard.press(key)

    def problems(self) -> list[str]:
        """Console errors, exceptions and refused loads since the page was opened."""
        return list(self._problems)

    def requests(self) -> list[str]:
        """Addresses asked for since the page was opened."""
        return list(self._requests)

    def axe(self) -> list[str]:
        """What axe finds wrong with the page as it is shown, a line a rule and element."""
        found = Axe().run(self.page).response["violations"]
        return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]
