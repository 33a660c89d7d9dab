# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every file of the repository must keep: a licence, no trace of one machine, no exemption from the checks."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAD_LINES = 12

# The licence itself, formats without comments, files that a tool writes, and texts that a test compares byte by byte.
WITHOUT_LICENCE_LINE = re.compile(
    r"LICENSE|CHANGELOG\.md|changelogs/changelog\.yaml|.*\.json|tests/unit/.*/golden/.*|.*/\.gitkeep"
)

LICENCE = ["SPDX-FileCopyrightText: 2026 Postfix Manager authors", "SPDX-License-Identifier: GPL-3.0-or-later"]

FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.~-])/(?:work|root)/"),
    "the host of a package registry": re.compile(
        r"\b(?:pypi\.org|pythonhosted\.org|galaxy\.ansible\.com|quay\.io|docker\.io|ghcr\.io|deb\.debian\.org)\b"
    ),
    "a note for later": re.compile(r"\b(?:TODO|FIXME|XXX)\b"),
}


def files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())


FILES = files()


def licence_offences(name: str, text: str) -> list[str]:
    head = "\n".join(text.splitlines()[:HEAD_LINES])
    return [] if WITHOUT_LICENCE_LINE.fullmatch(name) else [f"lacks {line}" for line in LICENCE if line not in head]


def forbidden_offences(text: str) -> list[str]:
    return [
        f"line {number}: {what}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if pattern.search(line)
    ]


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="surrogateescape")


@pytest.mark.parametrize("name", FILES)
def test_it_says_its_licence(name):
    assert licence_offences(name, text_of(name)) == []


@pytest.mark.parametrize("name", [name for name in FILES if name not in ("LICENSE", "tests/unit/test_every_file.py")])
def test_it_has_no_forbidden_words(name):
    assert forbidden_offences(text_of(name)) == []


def test_the_checks_have_no_exemptions():
    exempting = re.compile(r"tests/sanity/ignore.*|\.ansible-lint-ignore|.*/\.noqa")
    assert [name for name in FILES if exempting.fullmatch(name)] == []


def test_there_are_files():
    assert "galaxy.yml" in FILES


@pytest.mark.parametrize("name", ["README.md", "tools/cgns", "roles/postfix/defaults/main.yml"])
def test_a_missing_licence_is_found(name):
    assert licence_offences(name, "nothing here\n")


def test_a_licence_far_down_is_not_enough():
    licence = "\n".join(LICENCE)
    assert licence_offences("x.py", licence) == []
    assert licence_offences("x.py", "\n" * HEAD_LINES + licence)


@pytest.mark.parametrize(
    "line",
    ["cd /work/main", "path: /root/x", "index = https://pypi.org/simple", "FROM docker.io/library/debian", "# TODO: x"],
)
def test_a_forbidden_word_is_found(line):
    assert forbidden_offences(line)


@pytest.mark.parametrize("line", ["/var/lib/work/x", "~/work/x", "homework/root/x"])
def test_an_innocent_line_passes(line):
    assert forbidden_offences(line) == []
