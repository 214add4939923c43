"""One headless Chromium for all tests of a process, and pages that tell what they load and complain about."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


@dataclass
class Heard:
    """What a page said and asked for."""

    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


OpenPage = Callable[..., Any]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Chromium; without one, or without playwright, these tests are skipped."""
    driver = pytest.importorskip("playwright.sync_api", reason="wants playwright: pip install playwright")
    found = os.environ.get("HALODB_CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("wants Chromium, such as Debian's: apt-get install chromium")
    with driver.sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        except driver.Error as error:
            pytest.skip(f"{found} does not start: {str(error).splitlines()[0]}")
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any) -> Callable[..., Any]:
    """Open a file as a person would, and see to it that it loads nothing and complains about nothing."""

    @contextmanager
    def opened(file: Path, *, width: int = 1280, height: int = 900, dark: bool = False) -> Iterator[Any]:
        heard = Heard()

        def told(dialog: Any) -> None:
            heard.console.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            accept_downloads=True,
        )
        page = context.new_page()
        page.on("console", lambda message: heard.console.append(message.text))
        page.on("pageerror", lambda error: heard.console.append(str(error)))
        page.on("dialog", told)
        page.on("request", lambda request: heard.requests.append(request.url))
        page.set_default_timeout(10_000)
        page.goto(file.absolute().as_uri())
        yield page
        assert heard.console == []
        assert {url for url in heard.requests if not url.startswith(("data:", "blob:"))} == {file.absolute().as_uri()}
        context.close()

    return opened


@pytest.fixture(scope="session")
def pictures_of_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots are kept: `HALODB_SCREENSHOTS`, or the temporary directory of the test run."""
    kept = os.environ.get("HALODB_SCREENSHOTS")
    place = Path(kept) if kept else tmp_path_factory.getbasetemp() / "screenshots"
    place.mkdir(parents=True, exist_ok=True)
    return place


LOOKS = [(1280, False), (1280, True), (400, False), (400, True)]


def keep_looks(
    open_page: OpenPage, file: Path, place: Path, name: str, before: Callable[[Any], None] | None = None
) -> None:
    """Screenshots in light and dark, wide and narrow; nothing may reach beyond the window."""
    for width, dark in LOOKS:
        with open_page(file, width=width, height=900 if width > 600 else 800, dark=dark) as page:
            if before is not None:
                before(page)
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
            page.screenshot(path=str(place / f"{name}-{width}-{'dark' if dark else 'light'}.png"), full_page=False)
