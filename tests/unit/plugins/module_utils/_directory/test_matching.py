# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that are equal by a matching rule, and values that are not."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.matching import normalisers, without_order
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.schema import Schema

RULES = normalisers(Schema().names.normal)


@pytest.mark.parametrize(
    ("rule", "one", "other"),
    [
        ("caseignorematch", " Alice   ADAMS ", "alice adams"),
        ("caseignorematch", "STRASSE ČESKÁ", "strasse česká"),
        ("caseignorematch", "e\u0301", "é"),
        ("caseexactmatch", " a  b ", "a b"),
        ("caseignoreia5match", "A@B.C", "a@b.c"),
        ("caseignorelistmatch", "A  B$ c", "a b$C"),
        ("telephonenumbermatch", "+49 30 12-34", "+4930 1234"),
        ("numericstringmatch", "12 34", "1234"),
        ("integermatch", "007", "7"),
        ("booleanmatch", "true", "TRUE"),
        ("distinguishednamematch", "UID=a, DC=b", "uid=A,dc=B"),
        ("uniquemembermatch", "UID=a, DC=b#'01'B", "uid=A,dc=B#'01'B"),
        ("uniquemembermatch", "UID=a, DC=b", "uid=A,dc=B"),
        ("generalizedtimematch", "20260102030405+0100", "20260102020405Z"),
        ("generalizedtimematch", "202601020304Z", "20260102030400.000Z"),
        ("generalizedtimematch", "2026010203-02", "20260102050000Z"),
        ("uuidmatch", "ABCDEF00-0000-0000-0000-000000000000", "abcdef00-0000-0000-0000-000000000000"),
        ("objectidentifiermatch", "Person", "person"),
    ],
)
def test_equal(rule, one, other):
    assert RULES[rule](one.encode()) == RULES[rule](other.encode())


@pytest.mark.parametrize(
    ("rule", "one", "other"),
    [
        ("caseignorematch", "ab", "a b"),
        ("caseexactmatch", "A", "a"),
        ("telephonenumbermatch", "+49 30 1", "+49 30 2"),
        ("integermatch", "7", "-7"),
        ("integermatch", "x", "y"),
        ("distinguishednamematch", "uid=a,dc=b", "uid=a,dc=b,dc=c"),
        ("distinguishednamematch", "nonsense", "Nonsense"),
        ("uniquemembermatch", "uid=a#'01'B", "uid=a#'10'B"),
        ("generalizedtimematch", "20260102030405.5Z", "20260102030405Z"),
        ("generalizedtimematch", "99999999999999Z", "99999999999998Z"),
    ],
)
def test_different(rule, one, other):
    assert RULES[rule](one.encode()) != RULES[rule](other.encode())


def test_bytes_that_are_no_text_stay_as_they_are():
    assert RULES["caseignorematch"](b"\xff A") == b"\xff A"
    assert without_order(b"{12}to * by * read") == b"to * by * read"
    assert without_order(b"{a}x") == b"{a}x"
