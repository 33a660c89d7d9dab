# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Distinguished names: read, written, compared by meaning."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.dn import (
    BadNameError,
    Names,
    escape,
    join,
    parse,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.schema import Schema


@pytest.mark.parametrize(
    ("text", "rdns"),
    [
        ("", []),
        ("uid=a", [[("uid", b"a")]]),
        ("uid=a,dc=b", [[("uid", b"a")], [("dc", b"b")]]),
        (" uid = a b , dc = c ", [[("uid", b"a b")], [("dc", b"c")]]),
        ("uid=a;dc=b", [[("uid", b"a")], [("dc", b"b")]]),
        ("cn=a+sn=b,dc=c", [[("cn", b"a"), ("sn", b"b")], [("dc", b"c")]]),
        ("cn=a\\,b\\+c\\\\", [[("cn", b"a,b+c\\")]]),
        (r"cn=\20a\20", [[("cn", b" a ")]]),
        ("cn=a\\ ,dc=b", [[("cn", b"a ")], [("dc", b"b")]]),
        (r"cn=\C4\8Cesk\C3\A1", [[("cn", "Česká".encode())]]),
        ('cn="a, b",dc=c', [[("cn", b"a, b")], [("dc", b"c")]]),
        ("cn=#04026869", [[("cn", b"hi")]]),
        ("2.5.4.3=a", [[("2.5.4.3", b"a")]]),
        ("OID.2.5.4.3=a", [[("2.5.4.3", b"a")]]),
        ("olcDatabase={1}mdb,cn=config", [[("olcDatabase", b"{1}mdb")], [("cn", b"config")]]),
        ("cn=a=b", [[("cn", b"a=b")]]),
    ],
)
def test_names_are_taken_apart(text, rdns):
    assert parse(text) == rdns


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("alice", "has no attribute= at character 1"),
        ("uid=a,", "has no attribute= at character 7"),
        ("uid=a,,dc=b", "has no attribute= at character 7"),
        ("uid=,dc=b", "has an empty value"),
        ("=a", "has no attribute="),
        ("u id=a", "has no attribute="),
        ('cn="a', 'has a "'),
        ("cn=a<b", "needs a"),
        ("cn=a\\", "ends with"),
        ("cn=#zz", "not hexadecimal"),
        ("cn=#0405", "no BER value"),
    ],
)
def test_what_is_no_name_is_told_why(text, why):
    with pytest.raises(BadNameError) as caught:
        parse(text)
    assert why in str(caught.value)


def test_the_place_of_a_fault_is_the_one_in_the_whole_name():
    with pytest.raises(BadNameError, match="has no attribute= at character 7"):
        Schema().names.read("uid=a,,dc=b")


@pytest.mark.parametrize(
    "value", [b"a", b" a ", b"#a", b'a,b;c+d"e\\f<g>h', b"\xff\x00", "Česká".encode(), b"a\x00b", b" "]
)
def test_a_written_value_is_read_as_the_same(value):
    assert parse(f"cn={escape(value)},dc=x") == [[("cn", value)], [("dc", b"x")]]
    assert parse(join([[("cn", value), ("sn", value)]])) == [[("cn", value), ("sn", value)]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("uid=alice,ou=People,dc=example", " UID = ALICE , ou=people,DC=Example"),
        ("uid=a b,dc=x", "userid=A   B,dc=x"),
        ("cn=a+sn=b,dc=x", "SN=B+CN=A,dc=x"),
        (r"cn=a\,b,dc=x", r"cn=A\2cB,dc=x"),
        ("cn=x,dc=a;dc=b", "2.5.4.3=X,dc=a,dc=b"),
    ],
)
def test_equal_names_have_one_key(schema, one, other):
    assert schema.names.read(one).key == schema.names.read(other).key


def test_different_names_have_different_keys(schema):
    names = ["uid=a,dc=x", "cn=a,dc=x", "uid=a+cn=b,dc=x", "uid=a,dc=x,dc=y", r"uid=a\,dc=x", r"uid=a\,dc=x,dc=y"]
    assert len({schema.names.read(name).key for name in names}) == len(names)


def test_the_key_of_a_parent_is_the_rest():
    names = Schema().names
    assert names.read("uid=a,ou=B,dc=c").key[1:] == names.read("ou=b, dc=C").key
    assert names.read("").key == ()


@pytest.mark.parametrize("text", ["uid=a,", "uid=a, ", "uid=a,b"])
def test_the_short_way_refuses_what_the_long_one_does(text):
    with pytest.raises(BadNameError):
        Names(str.lower, lambda _name, value: value).read(text)
