# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""LDAP messages: bytes that go out, and answers that are read."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory import ber, messages
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.messages import ADD, DELETE, Modification


def answer(body, controls=b""):
    return messages.read_message(messages.message(7, body, controls), 0)


def result(code, matched="", diagnostic="", rest=b""):
    return ber.integer(code, ber.ENUMERATED) + messages.octets(matched) + messages.octets(diagnostic) + rest


@pytest.mark.parametrize(
    ("made", "encoded"),
    [
        (ber.integer(0), "020100"),
        (ber.integer(127), "02017f"),
        (ber.integer(128), "02020080"),
        (ber.integer(-1), "0201ff"),
        (ber.encode(4, b"x" * 200)[:3], "0481c8"),
        (ber.encode(4, b"x" * 70000)[:5], "0483011170"[:10]),
        (messages.message(1, messages.UNBIND), "30050201014200"),
        (messages.simple_bind("", ""), "600702010304008000"),
        (messages.simple_bind("a=b", "p"), "600b0201030403613d62800170"),
        (messages.delete("a=b").body, "4a03613d62"),
        (messages.rename("a=b", "c=d", "e=f").body, "6c120403613d620403633d640101ff8003653d66"),
        (messages.rename("a=b", "c=d", None, False).body, "6c0d0403613d620403633d64010100"),
        (messages.add("a=b", {"a": [b"b"]}).body, "68110403613d62300a3008040161310304" + "0162"),
    ],
)
def test_requests(made, encoded):
    assert made.hex() == encoded


def test_a_modification():
    made = messages.modify("a=b", [Modification(DELETE, "c"), Modification(ADD, "d", [b"1", b"2"])]).body
    delete = "300a0a0101" + "3005" + "040163" + "3100"
    add = "30100a0100" + "300b" + "040164" + "3106" + "040131" + "040132"
    assert made.hex() == "6625" + "0403613d62" + "301e" + delete + add


def test_an_entry():
    long = b"v" * 300
    attributes = [
        messages._attribute("cn", [b"a", b""]),
        messages._attribute("x" * 130, [long]),
        messages._attribute("n", []),
    ]
    body = ber.constructed(messages.ENTRY, [messages.octets("cn=a"), ber.constructed(ber.SEQUENCE, attributes)])
    entry = messages.read_entry(answer(body))
    assert entry == ("cn=a", {"cn": [b"a", b""], "x" * 130: [long], "n": []})


def test_a_result_with_referrals():
    referral = ber.constructed(0xA3, [messages.octets("ldap://other/")])
    read = messages.read_result(answer(ber.encode(messages.DONE, result(10, "dc=a", "words", referral))))
    assert read == (10, "dc=a", "words", ["ldap://other/"])


def test_the_cookie_of_a_page():
    request = answer(ber.encode(messages.DONE, result(0)), messages.page(0, b"cookie"))
    assert messages.read_cookie(request) == b"cookie"
    assert messages.read_cookie(answer(ber.encode(messages.DONE, result(0)))) == b""


@pytest.mark.parametrize("size", [1, 5, 8])
def test_a_message_that_has_not_arrived_whole(size):
    data = messages.message(1, ber.encode(messages.DONE, result(0)))
    assert ber.end_of_message(data[:size], 0) is None
    assert ber.end_of_message(data + b"0", 0) == len(data)


@pytest.mark.parametrize("data", [b"HTTP/1.1 400", b"\x30\x85\x01\x01\x01\x01\x01\x01", b"\x15\x03\x01\x00"])
def test_what_is_no_ldap(data):
    with pytest.raises(ber.MalformedError):
        ber.end_of_message(data, 0)


@pytest.mark.parametrize("body", ["3000", "3003020101", "30050401014200", "3006020101650a01"])
def test_a_broken_message(body):
    with pytest.raises((ber.MalformedError, IndexError)):
        messages.read_result(messages.read_message(bytes.fromhex(body), 0))


def test_a_content_synchronisation_is_asked_for_and_its_words_are_read():
    assert (
        messages.follow().hex()
        == "a026" + "3024" + "0418" + messages.SYNC_REQUEST.hex() + "0101ff" + "0405" + "30030a0103"
    )
    assert messages.follow(b"here").hex().endswith("30090a0103" + "0404" + b"here".hex())

    def told(value):
        said = ber.encode(0x80, b"1.3.6.1.4.1.4203.1.9.1.4") + ber.encode(0x81, value)
        return messages.read_sync_info(answer(ber.encode(messages.INTERMEDIATE, said)))

    cookie, uuids = ber.encode(ber.OCTETS, b"here"), [b"a" * 16, b"b" * 16]
    names = ber.constructed(ber.SET, [ber.encode(ber.OCTETS, uuid) for uuid in uuids])
    assert told(ber.encode(messages.SYNC_COOKIE, b"here")) == (messages.SYNC_COOKIE, b"here", False, False, ())
    assert told(ber.encode(messages.SYNC_REFRESH_DELETE, b"")) == (messages.SYNC_REFRESH_DELETE, b"", True, False, ())
    more = told(ber.encode(messages.SYNC_REFRESH_PRESENT, cookie + ber.FALSE))
    assert more == (messages.SYNC_REFRESH_PRESENT, b"here", False, False, ())
    assert told(ber.encode(messages.SYNC_ID_SET, names)) == (messages.SYNC_ID_SET, b"", False, False, uuids)
    gone = told(ber.encode(messages.SYNC_ID_SET, cookie + ber.TRUE + names))
    assert gone == (messages.SYNC_ID_SET, b"here", False, True, uuids)
    other = answer(ber.encode(messages.INTERMEDIATE, ber.encode(0x80, b"1.2.3")))
    assert messages.read_sync_info(other).kind == 0
