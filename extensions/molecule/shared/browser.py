# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of ours in a browser: headless Chromium of Debian in a container, driven over its DevTools port."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, sync_playwright

ADDRESS = "http://page.example.test/"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Chromium listens on loopback alone, whatever it is told; systemd's own proxy is the door to it.
START = """
export DEBIAN_FRONTEND=noninteractive
apt-get -q update && apt-get -q install -y --no-install-recommends chromium-headless-shell fonts-dejavu-core
systemd-run -q --unit=browser chromium-headless-shell --no-sandbox --disable-gpu --remote-debugging-port=9222
systemd-run -q --unit=browser-door --socket-property=ListenStream=9223 \
    /usr/lib/systemd/systemd-socket-proxyd 127.0.0.1:9222
timeout 60 sh -c 'until ss -ltn | grep -q 127.0.0.1:9222; do sleep 0.2; done'
"""


@contextlib.contextmanager
def connected(host: str) -> Iterator[Browser]:
    """The browser that START started on a host."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://{host}:9223", timeout=120_000)
        yield browser
        browser.close()


@contextlib.contextmanager
def shown(browser: Browser, html: str, scheme: str = "light", width: int = 1280) -> Iterator[tuple[Page, list[str]]]:
    """A page in a window, and the addresses that it asked for so far. It gets itself, and nothing from elsewhere."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if route.request.url == ADDRESS:
            route.fulfill(body=html, content_type="text/html")
        else:
            route.abort()

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.route("**/*", answer)
    page.goto(ADDRESS)
    yield page, asked
    context.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.1, levels A and AA: the rule and where."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response
    if not found["passes"]:
        raise AssertionError("axe-core has checked nothing")
    return [f"{rule['id']}: {node['target']} {node['html']}" for rule in found["violations"] for node in rule["nodes"]]


def overflows(page: Page) -> bool:
    """Whether one has to scroll sideways to read the page."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
