# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report and the page of queues as a person meets them: in a browser, by keyboard, in the dark, small, on paper."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
import testinfra
from browser import ADDRESS, START, connected, overflows, shown, violations

USER = "alice@example.test"
NAMES = ["report.html", "queues.html"]


def play(name, **variables):
    argv = ["ansible-playbook", "-i", os.environ["MOLECULE_INVENTORY_FILE"], f"postfix_manager.mail.{name}"]
    done = subprocess.run([*argv, "-e", json.dumps(variables)], capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done.returncode


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder with what the playbooks write about both hosts; a message waits on each."""
    folder = tmp_path_factory.mktemp("pages")
    common = {"report_directory": str(folder), "report_addresses": "hashed"}
    assert play("report", **common, report_trace={"message_id": "relayed@client.example.net"}) == 0
    limits = {"queue_watch_interval": 1, "queue_watch_messages": 0}
    assert play("queue_watch", queue_watch_page=str(folder / "queues.html"), **limits) == 2
    return folder


@pytest.fixture(scope="module")
def browser():
    name = f"{os.environ['TESTBED_PREFIX']}-{os.environ['MOLECULE_SCENARIO_NAME']}-debian13"
    testinfra.get_host(f"podman://{name}").check_output(START)
    argv = [Path(os.environ["TESTBED_ROOT"], "tools/container"), "address", name]
    address = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(connected(address))


class Texts(HTMLParser):
    """The texts of a page, and the names that it gives and uses."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.names, self.used = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.names += [found["id"]] if "id" in found else []
        self.used += found.get("aria-labelledby", "").split()
        self.used += [found["href"][1:]] if found.get("href", "").startswith("#") else []

    def handle_data(self, data):
        self.texts.append(data)


def test_the_report_says_the_same_in_three_ways(made):
    page = Texts((made / "report.html").read_text())
    data = json.loads((made / "report.json").read_text())
    metrics = (made / "report.prom").read_text()
    assert len(data) == 2
    for host, found in data.items():
        assert host in page.texts
        assert found["log"]["summary"][1] in page.texts
        # One message waits for a server that does not answer.
        queue = found["queues"]["-"]
        assert queue["total"] >= 1
        assert queue["summary"][0] in page.texts
        received = found["log"]["messages"]["received"]
        assert received >= 9
        assert f'postfix_manager_log_messages{{host="{host}",kind="received"}} {received}\n' in metrics
    assert USER not in str(data)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_given_once_and_every_link_leads_somewhere(made, name):
    page = Texts((made / name).read_text())
    assert len(page.names) == len(set(page.names))
    assert set(page.used) <= set(page.names)


def test_a_message_is_followed_on_all_hosts(made):
    texts = Texts((made / "report.html").read_text()).texts
    assert "One message" in texts
    story = ("debian12 took it from ", "debian12: sent to ", "debian13 took it from ", "debian13: sent to ")
    places = [[place for place, text in enumerate(texts) if words in text] for words in story]
    assert [len(found) for found in places] == [1, 1, 1, 1]
    assert places == sorted(places)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_anybody_can_use_it(browser, made, name, scheme):
    with shown(browser, (made / name).read_text(), scheme) as (page, asked):
        assert violations(page) == []
        assert asked[:1] == [ADDRESS]
        assert set(asked) == {ADDRESS}


@pytest.mark.parametrize("name", NAMES)
def test_it_fits_a_small_window(browser, made, name):
    with shown(browser, (made / name).read_text(), width=320) as (page, _asked):
        assert not overflows(page)


def test_a_broken_page_does_not_pass(browser, made):
    html = (made / "report.html").read_text()
    broken = html.replace(' lang="en"', "").replace("--text: #1c2126", "--text: #cfd2d6")
    broken = broken.replace(
        "<main", '<img src="http://elsewhere.example.test/"><p style="width: 400px">wide</p><main', 1
    )
    with shown(browser, broken, width=320) as (page, asked):
        rules = {line.partition(":")[0] for line in violations(page)}
        assert {"html-has-lang", "color-contrast", "image-alt"} <= rules
        assert overflows(page)
    # The page itself forbids what comes from elsewhere; without that it would be seen here.
    assert asked == [ADDRESS]
    with shown(browser, broken.replace("default-src 'none'", "default-src *")) as (page, asked):
        assert "http://elsewhere.example.test/" in asked


def test_tables_sort_by_keyboard(browser, made):
    with shown(browser, (made / "report.html").read_text()) as (page, _asked):
        heads = page.locator("table:has(#overview) th[scope=col]")
        column = heads.all_inner_texts().index(next(text for text in heads.all_inner_texts() if "Received" in text))
        heads.nth(column).locator("button").focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        rows = "[...document.querySelectorAll('table:has(#overview) tbody tr')]"
        values = f"{rows}.map(row => Number(row.cells[{column}].dataset.value))"
        for key, order, said in (("Enter", "descending", "largest first"), ("Space", "ascending", "smallest first")):
            page.keyboard.press(key)
            assert heads.nth(column).get_attribute("aria-sort") == order
            assert page.locator("#sorted").inner_text() == f"Sorted by Received, {said}"
            assert page.evaluate(values) == sorted(page.evaluate(values), reverse=order == "descending")


@pytest.mark.parametrize("name", NAMES)
def test_on_paper_it_is_black_on_white_and_whole(browser, made, name):
    with shown(browser, (made / name).read_text(), "dark") as (page, _asked):
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        hidden = (
            "[...document.querySelectorAll('.scroll')].filter(e => getComputedStyle(e).overflowX !== 'visible').length"
        )
        assert page.evaluate(hidden) == 0
        assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_page_of_queues_renews_itself_until_it_is_told_not_to(browser, made):
    html = (made / "queues.html").read_text().replace("const wait = 60", "const wait = 2")
    assert "const wait = 2" in html
    assert re.search(r"messages waiting: \d+ \(allowed: 0\)", html)
    with shown(browser, html) as (page, asked):
        with page.expect_navigation():
            pass
        seen = len(asked)
        assert seen >= 2
        page.locator("#pause").press("Enter")
        assert page.locator("#pause").get_attribute("aria-pressed") == "true"
        seen = len(asked)
        page.wait_for_timeout(3000)
        assert len(asked) == seen


@pytest.mark.parametrize(("age", "said"), [(10, ""), (600, "This is 10 minutes old: nothing writes the page anew.")])
def test_the_page_of_queues_says_when_it_is_old(browser, made, age, said):
    seen = f'data-seconds="{int(time.time()) - age}"'
    html = re.sub(r'data-seconds="\d+"', seen, (made / "queues.html").read_text(), count=1)
    assert seen in html
    with shown(browser, html) as (page, _asked):
        assert page.locator("#stale").inner_text() == said
