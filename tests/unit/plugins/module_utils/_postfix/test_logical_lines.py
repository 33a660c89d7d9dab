# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logical lines: nothing is lost, continuations join, edits touch what they name and nothing else."""

import random

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import logical_lines


def joined(chunks):
    return "".join(f"{line}\n" for chunk in chunks for line in chunk.lines)


def key(text):
    return text.split()[0]


@pytest.mark.parametrize(
    ("text", "logical"),
    [
        ("", []),
        ("a b\n", [("a b", 1)]),
        ("a b", [("a b", 1)]),
        ("a\n  b\n\tc\n", [("a b c", 1)]),
        ("a\n# comment\n\n  # indented comment\n  b\n", [("a b", 1)]),
        ("a\n# comment\nb\n", [("a", 1), ("b", 3)]),
        ("  orphan\na\n", [("a", 2)]),
        ("a = b # no comment\n", [("a = b # no comment", 1)]),
        ("a = b\r\n c\r\n", [("a = b c", 1)]),
        ("a\n\v\f \r\n b\n", [("a b", 1)]),
        ("a\u00a0b\n", [("a\u00a0b", 1)]),
    ],
)
def test_logical_lines_are_found(text, logical):
    assert [(chunk.text, chunk.number) for chunk in logical_lines.split(text) if chunk.text is not None] == logical


def test_every_text_survives_splitting():
    pieces = ["a = 1\n", "b\n", "  more\n", "# c\n", "\n", " \n", "\t# d\n", "caf\udce9 = \udcff\n", "x\ty\r\n"]
    dice = random.Random(2026)
    for _round in range(500):
        text = "".join(dice.choices(pieces, k=dice.randrange(12)))
        assert joined(logical_lines.split(text)) == text


def test_no_replacement_leaves_the_text_alone():
    assert logical_lines.edit("a 1", key, {}) == "a 1"


@pytest.mark.parametrize(
    ("text", "replacements", "expected"),
    [
        ("a 1\nb 2\n", {"a": ["a 9"]}, "a 9\nb 2\n"),
        ("a 1\nb 2\n", {"a": None}, "b 2\n"),
        ("a 1\nb 2", {"c": ["c 3", "  4"]}, "a 1\nb 2\nc 3\n  4\n"),
        ("a 1\n", {"c": None}, "a 1\n"),
        ("a 1\n# inside\n  2\n# outside\nb 2\n", {"a": ["a 9"]}, "a 9\n# inside\n# outside\nb 2\n"),
        ("a 1\nb 2\na 3\n", {"a": ["a 9"]}, "b 2\na 9\n"),
        ("a 1\nb 2\na 3\n", {"a": None}, "b 2\n"),
        ("  orphan\na 1\n", {"a": None}, "  orphan\n"),
        ("a 1\n  2\n  3\nb\n", {"b": ["b 2"]}, "a 1\n  2\n  3\nb 2\n"),
    ],
)
def test_edits(text, replacements, expected):
    assert logical_lines.edit(text, key, replacements) == expected


def test_meaning_has_no_layout():
    assert logical_lines.meaning(" a,\n\t b  c\u00a0 ") == "a, b c\u00a0"
