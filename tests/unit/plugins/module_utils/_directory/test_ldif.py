# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""LDIF: what is read, what is refused with its line, what is written."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory import ldif
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.messages import Entry

TEXT = """version: 1
# a comment
  that goes on
dn: uid=a,dc=x
objectClass: person
cn: A person
  with a long name
sn:: w4k=
telephoneNumber:   1
mail:

dn:: dWlkPWIsZGM9eA==
changetype: add
cn:b
"""


def test_records_are_read():
    records, problems = ldif.read(TEXT, "ldif")
    assert problems == []
    assert [(record.where, record.dn) for record in records] == [
        ("ldif line 4", "uid=a,dc=x"),
        ("ldif line 12", "uid=b,dc=x"),
    ]
    assert records[0].attributes == {
        "objectClass": [b"person"],
        "cn": [b"A person with a long name"],
        "sn": [b"\xc3\x89"],
        "telephoneNumber": [b"1"],
        "mail": [b""],
    }
    assert ldif.read(TEXT.replace("\n", "\r\n"), "ldif") == (records, [])


@pytest.mark.parametrize(
    ("text", "where", "why"),
    [
        ("cn: a\n", "ldif line 1", "without dn"),
        ("dn: a=b\nnonsense\n", "ldif line 2", "no attribute with a value"),
        ("dn: a=b\n: x\n", "ldif line 2", "no attribute with a value"),
        ("dn: a=b\njpegPhoto:< file:///etc/shadow\n", "ldif line 2", "names a file"),
        ("dn: a=b\ncn:: !!\n", "ldif line 2", "not base64"),
        ("dn: a=b\nchangetype: delete\n", "ldif line 2", "only add"),
        ("dn: a=b\nchangetype: modify\nreplace: cn\ncn: x\n-\n", "ldif line 2", "only add"),
        ("dn: a=b\ncontrol: 1.2.3\n", "ldif line 2", "control"),
        ("version: 2\ndn: a=b\ncn: x\n", "ldif line 1", "version other than 1"),
    ],
)
def test_what_cannot_be_declared_is_refused_with_its_line(text, where, why):
    records, problems = ldif.read(text, "ldif")
    assert records == []
    assert [problem.option for problem in problems] == [where]
    assert why in problems[0].message


def test_everything_wrong_is_said_at_once():
    _records, problems = ldif.read("cn: a\n\ndn: a=b\nx\ny\n\ndn: c=d\nchangetype: delete\n", "ldif_path")
    assert [problem.option for problem in problems] == [f"ldif_path line {line}" for line in (1, 4, 5, 8)]


VALUES = [b"a", b" a", b"a ", b":a", b"<a", b"", b"\xff\x00", b"x" * 300, "é".encode(), b"a\nb", b"y" * 76, b"z: :"]


def test_what_is_written_is_read_as_the_same():
    text = ldif.render([Entry("uid=é,dc=x", {"cn": VALUES}), Entry("uid=b", {"sn": [b"1"]})])
    assert max(map(len, text.splitlines())) == 76
    records, problems = ldif.read(text, "ldif")
    assert problems == []
    assert [(record.dn, record.attributes) for record in records] == [
        ("uid=é,dc=x", {"cn": VALUES}),
        ("uid=b", {"sn": [b"1"]}),
    ]
