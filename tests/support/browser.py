"""Open pages in the real Chromium of the machine, by Playwright.

The browser can reach this machine only, and a page that raises a JavaScript error or breaks the content security
policy fails its test.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, ViewportSize, sync_playwright

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
APT_LINE = "apt-get install --no-install-recommends chromium"
MISSING_BROWSER = (
    f"Chromium was not found on PATH as any of {', '.join(EXECUTABLES)}. Install it with: {APT_LINE}\n"
    "Or set OUTREACH_SKIP_BROWSER=1 to leave the browser tests out."
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1440, height=900)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield one Chromium for the test process."""
    if os.environ.get("OUTREACH_SKIP_BROWSER") == "1":
        pytest.skip("OUTREACH_SKIP_BROWSER=1")
    executable = find_chromium()
    if executable is None:
        pytest.fail(MISSING_BROWSER, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def desktop_page(browser: Browser) -> Iterator[Page]:
    """Yield an empty page of 1440 by 900."""
    with watched_page(browser, viewport=DESKTOP, touch=False) as page:
        yield page


@pytest.fixture
def phone_page(browser: Browser) -> Iterator[Page]:
    """Yield an empty touch page of 390 by 844, the size of a field worker's phone."""
    with watched_page(browser, viewport=PHONE, touch=True) as page:
        yield page


def find_chromium() -> str | None:
    """Return the path of the machine's Chromium, or None."""
    return next(filter(None, map(shutil.which, EXECUTABLES)), None)


@contextmanager
def watched_page(browser: Browser, *, viewport: ViewportSize, touch: bool) -> Iterator[Page]:
    """Yield a page, and fail afterwards when it reported a JavaScript error or a broken security policy."""
    context = browser.new_context(
        viewport=viewport, is_mobile=touch, has_touch=touch, locale="nl-NL", timezone_id="Europe/Amsterdam"
    )
    page = context.new_page()
    faults: list[str] = []

    def note_error(error: Error) -> None:
        faults.append(str(error))

    def note_violation(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    page.on("pageerror", note_error)
    page.on("console", note_violation)
    yield page
    context.close()
    assert not faults, "The page reported: " + "; ".join(faults)
