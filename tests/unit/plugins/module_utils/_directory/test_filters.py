# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters: what RFC 4511 makes of them, and values that cannot break out."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.filters import (
    FilterError,
    encode,
    escape,
    fill,
)


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("(cn=*)", "8702636e"),
        ("cn=*", "8702636e"),
        ("(cn=a)", "a3070402636e040161"),
        ("(cn>=a)", "a5070402636e040161"),
        ("(cn<=a)", "a6070402636e040161"),
        ("(cn~=a)", "a8070402636e040161"),
        ("(!(cn=*))", "a2048702636e"),
        ("(&(cn=*)(sn=*))", "a0088702636e8702736e"),
        ("(|(cn=*))", "a1048702636e"),
        ("(&)", "a000"),
        ("(cn=a*b*c)", "a40f0402636e3009800161810162820163"),
        ("(cn=*b*)", "a4090402636e3003810162"),
        (r"(cn=\2a)", "a3070402636e04012a"),
        (r"(cn=\c3\A9)", "a3080402636e0402c3a9"),
        ("(cn=é)", "a3080402636e0402c3a9"),
        ("(cn:=a)", "a9078202636e830161"),
        ("(cn:dn:2.5.13.2:=a)", "a9148108322e352e31332e328202636e8301618401ff"),
        ("(:caseExactMatch:=a)", "a913810e6361736545786163744d61746368830161"),
        ("(userCertificate;binary=*)", "8716" + b"userCertificate;binary".hex()),
    ],
)
def test_filters_are_encoded(text, encoded):
    assert encode(text).hex() == encoded


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(",
        "()",
        "(cn)",
        "(cn=a",
        "(cn=a))",
        "(&(cn=a)",
        "(!(a=b)(c=d))",
        "(!)",
        "(c n=a)",
        "(cn=a(b)",
        r"(cn=\zz)",
        r"(cn=\2)",
        "(:=a)",
        "(a=b)(c=d)",
        "(1x=a)",
        "(&cn=a)",
        "(cn=\x00)",
        "(!" * 200 + "(a=b)" + ")" * 200,
    ],
)
def test_what_is_no_filter_is_refused(text):
    with pytest.raises(FilterError):
        encode(text)


@pytest.mark.parametrize("value", ["*", "a)(b", "(", "\\", "*)(uid=*))(|(uid=*", "\x00", "é", "a b"])
def test_a_value_stays_a_value(value):
    filled = fill("(&(a=b)(cn={value}))", {"value": value})
    raw = value.encode()
    wanted = b"\xa3" + bytes([6 + len(raw)]) + b"\x04\x02cn\x04" + bytes([len(raw)]) + raw
    assert encode(filled).endswith(wanted)
    assert encode(f"(cn={escape(value)})") == wanted


def test_values_of_other_types_and_missing_ones():
    assert fill("(a={n})(b={t})", {"n": 1, "t": True}) == "(a=1)(b=TRUE)"
    assert fill("(cn={x})", {}) == "(cn={x})"
    with pytest.raises(FilterError):
        fill("(cn={x})", {"y": 1})
