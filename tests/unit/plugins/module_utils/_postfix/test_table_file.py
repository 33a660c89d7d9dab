# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a lookup table: what a person wrote stays, what is declared holds, and no secret is shown."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.table_file import (
    edit,
    entries,
    masked,
    split,
)

WRITTEN = """\
# transport(5)
Example.net   relay:[mx.example.net]

multi.example smtp:
  # in the middle
  [host]
no-value
"a b"@example.org\tone  two
example.NET again
"""


def test_what_is_declared_already_changes_nothing():
    declared = {
        "example.net": "relay:[mx.example.net]",
        '"a b"@example.org': "one two",
        "multi.example": "smtp: [host]",
    }
    once = WRITTEN.replace("example.NET again\n", "")
    assert edit(once, declared, purge=False).text == once
    assert edit(WRITTEN, {}, purge=False).text == WRITTEN


def test_a_changed_entry_keeps_its_place_and_its_twin_goes():
    done = edit(
        WRITTEN, {"example.net": "error:5.1.2 gone", "x": "y", "none": None, "multi.EXAMPLE": None}, purge=False
    )
    assert done.text == (
        "# transport(5)\nexample.net\terror:5.1.2 gone\n\n  # in the middle\nno-value\n"
        '"a b"@example.org\tone  two\nx\ty\n'
    )
    assert done.counts == {"added": 1, "changed": 1, "removed": 1}
    assert edit(done.text, {"example.net": "error:5.1.2 gone", "x": "y"}, purge=False).text == done.text


def test_a_twin_alone_is_a_change():
    done = edit("a b\nA c\n", {"a": "b"}, purge=False)
    assert (done.text, done.changed) == ("a\tb\n", ("a",))


def test_purge_leaves_comments_and_declared_ones():
    done = edit(WRITTEN, {"x": "y"}, purge=True)
    assert done.text == "# transport(5)\n\n  # in the middle\nno-value\nx\ty\n"
    assert done.removed == ("example.net", "multi.example", '"a b"@example.org')


def test_an_empty_table_is_filled_in_order():
    done = edit("", {"b": "1", "gone": None, "a": "2"}, purge=False)
    assert (done.text, done.added) == ("b\t1\na\t2\n", ("b", "a"))


def test_the_first_entry_with_a_key_counts():
    assert entries("a 1\nA 2\nÄ x\n") == {"a": "1", "ä": "x"}


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("a b", ("a", "b")),
        ("a\tb c", ("a", "b c")),
        ('"a b"@x y', ('"a b"@x', "y")),
        ("a\\ b c", ("a\\ b", "c")),
        ("a", None),
        ('"a b', None),
        ("a\u00a0b c", ("a\u00a0b", "c")),
    ],
)
def test_a_key_ends_where_postmap_ends_it(line, pair):
    assert split(line) == pair


def test_masks_show_that_a_secret_changed_and_nothing_else():
    before, after = masked("# old: hunter0\na hunter1\nb hunter2\n\nhunter3\n", "a hunter1\nb hunter4\nc hunter5\n")
    assert before == "# (secret)\na\t(secret)\nb\t(secret)\n\n# (secret)\n"
    assert after == "a\t(secret)\nb\t(secret, changed)\nc\t(secret)\n"
    assert masked(None, "a x\n") == (None, "a\t(secret)\n")
