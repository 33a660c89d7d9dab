# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The question is the probe of RFC 5227, and only an answer for the address counts."""

import ipaddress
import struct

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha import arp

OWN = bytes.fromhex("020000000001")
WANTED = ipaddress.IPv4Address("192.0.2.10").packed


def answer(operation=arp.REPLY, address=WANTED):
    body = arp.PACKET.pack(1, 0x0800, 6, 4, operation, bytes.fromhex("02000000000a"), address, OWN, bytes(4))
    return OWN + bytes.fromhex("02000000000a") + struct.pack("!H", arp.ETHERTYPE) + body


def test_the_question_claims_no_address():
    frame = arp.question(OWN, WANTED)
    assert frame[:12] == arp.BROADCAST + OWN
    assert arp.PACKET.unpack_from(frame, 14)[4:] == (arp.REQUEST, OWN, bytes(4), bytes(6), WANTED)


def test_an_answer_names_its_sender():
    assert arp.answerer(answer(), WANTED) == "02:00:00:00:00:0a"
    assert arp.answerer(answer() + bytes(18), WANTED) == "02:00:00:00:00:0a"


@pytest.mark.parametrize("frame", [answer(arp.REQUEST), answer(address=bytes(4)), answer()[:30], b""])
def test_anything_else_is_no_answer(frame):
    assert arp.answerer(frame, WANTED) is None
