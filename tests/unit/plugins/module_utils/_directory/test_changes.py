# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a server tells in a content synchronisation, and which changes that is."""

from uuid import UUID

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory import ber, messages
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.changes import Content

ALICE, BOB = b"a" * 16, b"b" * 16


def answer(body, controls=b""):
    return messages.read_message(messages.message(2, body, controls), 0)


def entry(uuid, dn, state=messages.SYNC_ADD, cookie=b"", **attributes):
    listed = [messages._attribute(name, values) for name, values in attributes.items()]
    body = ber.constructed(messages.ENTRY, [messages.octets(dn), ber.constructed(ber.SEQUENCE, listed)])
    parts = [ber.integer(state, ber.ENUMERATED), ber.encode(ber.OCTETS, uuid)]
    parts += [ber.encode(ber.OCTETS, cookie)] if cookie else []
    value = ber.encode(ber.OCTETS, ber.constructed(ber.SEQUENCE, parts))
    control = ber.constructed(ber.SEQUENCE, [ber.encode(ber.OCTETS, messages.SYNC_STATE), value])
    return answer(body, ber.encode(0xA0, control))


def info(kind, *parts):
    value = ber.encode(0x81, ber.constructed(kind, parts))
    return answer(ber.encode(messages.INTERMEDIATE, ber.encode(0x80, b"1.3.6.1.4.1.4203.1.9.1.4") + value))


def uuids(*listed):
    return ber.constructed(ber.SET, [ber.encode(ber.OCTETS, uuid) for uuid in listed])


DONE = info(messages.SYNC_REFRESH_DELETE)


@pytest.fixture
def content():
    """Two entries, all told."""
    known = Content()
    known.begin()
    told = [known.take(one) for one in (entry(ALICE, "cn=a", cn=[b"a"]), entry(BOB, "cn=b", cn=[b"b"]))]
    assert [change["change"] for changes in told for change in changes] == ["add", "add"]
    assert not known.complete
    assert known.take(DONE) == []
    assert known.complete
    return known


def short(changes):
    return [(change["change"], change["dn"]) for change in changes]


def test_changes_as_they_happen(content):
    said = content.take(entry(ALICE, "cn=a", messages.SYNC_MODIFY, b"here", cn=[b"a"], jpegPhoto=[b"\xff"]))
    assert said == [
        {
            "dn": "cn=a",
            "change": "modify",
            "entry_uuid": str(UUID(bytes=ALICE)),
            "attributes": {"cn": ["a"], "jpegPhoto": ["/w=="]},
        }
    ]
    assert content.cookie == b"here"
    moved = content.take(entry(ALICE, "cn=a,ou=x", messages.SYNC_MODIFY, cn=[b"a"], jpegPhoto=[b"\xff"]))
    assert (moved[0]["change"], moved[0]["dn"], moved[0]["old_dn"]) == ("modify", "cn=a,ou=x", "cn=a")
    assert short(content.take(entry(BOB, "cn=b", messages.SYNC_DELETE))) == [("delete", "cn=b")]
    assert content.take(entry(BOB, "cn=b", messages.SYNC_DELETE)) == []


def test_a_secret_is_left_out_and_its_change_is_told(content):
    first = content.take(entry(ALICE, "cn=a", messages.SYNC_MODIFY, cn=[b"a"], userPassword=[b"{SSHA}one"]))
    other = content.take(entry(ALICE, "cn=a", messages.SYNC_MODIFY, cn=[b"a"], userPassword=[b"{SSHA}two"]))
    assert [change["attributes"] for change in first + other] == [{"cn": ["a"]}, {"cn": ["a"]}]


def test_what_is_not_asked_for_is_no_change(content):
    assert content.take(entry(ALICE, "cn=a", messages.SYNC_MODIFY, cn=[b"a"])) == []


def test_after_a_lost_connection_those_who_are_told_as_present_stay(content):
    content.take(info(messages.SYNC_COOKIE))
    content.cookie = b"here"
    content.begin()
    assert content.take(info(messages.SYNC_ID_SET, uuids(ALICE))) == []
    assert short(content.take(info(messages.SYNC_REFRESH_PRESENT))) == [("delete", "cn=b")]


def test_after_a_lost_connection_those_who_are_told_as_gone_go(content):
    content.cookie = b"here"
    content.begin()
    assert short(content.take(entry(b"c" * 16, "cn=c"))) == [("add", "cn=c")]
    assert short(content.take(info(messages.SYNC_ID_SET, ber.TRUE, uuids(BOB, b"d" * 16)))) == [("delete", "cn=b")]
    assert content.take(DONE) == []


def test_without_a_cookie_all_is_told_anew(content):
    content.cookie = b""
    content.begin()
    assert content.take(entry(ALICE, "cn=a", cn=[b"a"])) == []
    assert short(content.take(DONE)) == [("delete", "cn=b")]


def test_one_told_by_its_state_alone_is_present(content):
    content.cookie = b"here"
    content.begin()
    assert content.take(entry(ALICE, "cn=a", messages.SYNC_PRESENT)) == []
    assert short(content.take(info(messages.SYNC_REFRESH_PRESENT, ber.FALSE))) == [("delete", "cn=b")]
