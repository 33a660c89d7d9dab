# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names, keywords and UIDs of a Maildir."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._backup import maildir

UIDLIST = "3 V1795612339 N4 G18504f2fb3de066b\n1 :a,S=5\n3 :b,S=6\n"


def test_a_name_and_its_flags():
    assert (maildir.base("a,S=5:2,FS"), maildir.flags("a,S=5:2,FS"), maildir.flags("a,S=5")) == ("a,S=5", "FS", "")


def test_clients_never_see_a_uid_again_that_was_given_after_the_snapshot():
    assert maildir.uid_validity(UIDLIST) == "1795612339"
    assert maildir.with_gap(UIDLIST).splitlines()[0] == "3 V1795612339 N10004 G18504f2fb3de066b"
    assert maildir.with_gap(UIDLIST).splitlines()[1:] == UIDLIST.splitlines()[1:]
    assert maildir.uid_validity(None) is None


def test_half_a_line_is_dropped():
    assert maildir.whole_lines("3 V1 N2\n1 :a\n2 :b,S") == "3 V1 N2\n1 :a\n"
    assert maildir.whole_lines("x") == ""


@pytest.mark.parametrize(
    ("name", "derived"),
    [
        ("dovecot.index", True),
        ("dovecot.index.cache", True),
        ("dovecot.list.index.log", True),
        ("x.lock", True),
        (".dovecot.svbin", True),
        ("dovecot-uidlist", False),
        ("dovecot-keywords", False),
        ("subscriptions", False),
        (".dovecot.sieve", False),
    ],
)
def test_what_dovecot_makes_again_is_left_out(name, derived):
    assert maildir.is_derived(name) is derived


def test_keywords_are_read_written_and_merged():
    present = maildir.parse_keywords("0 Work\n1 $Label1\nx\n")
    assert present == {0: "Work", 1: "$Label1"}
    assert maildir.render_keywords(present) == "0 Work\n1 $Label1\n"
    assert maildir.merged_keywords(present, ["Work", "Home"]) == {0: "Work", 1: "$Label1", 2: "Home"}
    full = {number: str(number) for number in range(26)}
    assert maildir.merged_keywords(full, ["Home"]) == full


def test_letters_are_those_of_the_new_folder():
    theirs, ours = {0: "Work", 1: "Home"}, {0: "Home", 3: "Work"}
    assert maildir.renamed("a:2,FSab", theirs, ours) == "a:2,FSad"
    assert maildir.renamed("a:2,Sa", theirs, {}) == "a:2,S"
    assert maildir.renamed("a", theirs, ours) == "a"
    assert maildir.used_keywords(["a:2,Sb", "b"], theirs) == ["Home"]
