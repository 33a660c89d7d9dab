# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The first records of a queue file, as Postfix writes them."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.queue_file import arrival_of


def record(kind, data):
    length, size = len(data), b""
    while length >= 0x80:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return kind + size + bytes([length]) + data


SIZE = record(b"C", b"           2342             695               1               0            2342               0")


@pytest.mark.parametrize(
    ("head", "arrival"),
    [
        (SIZE + record(b"T", b"1795599706 974321") + record(b"S", b"me@example.test"), 1795599706),
        (record(b"T", b"1795599706"), 1795599706),
        (SIZE + record(b"A", b"x" * 300) + record(b"T", b"17 1"), 17),
        (SIZE + record(b"T", b"soon"), None),
        (SIZE, None),
        (SIZE[:1], None),
        (b"", None),
        (b"C\xff\xff\xff\xff\xff\xff\xffT\x0217", None),
    ],
)
def test_when_it_came(head, arrival):
    assert arrival_of(head) == arrival
