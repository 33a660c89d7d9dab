# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sockets that wait for connections, as /proc/net/tcp shows them (proc_pid_net(5)): pure."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import NamedTuple

# The state TCP_LISTEN of the kernel.
LISTENING = "0A"


class Listener(NamedTuple):
    """Where somebody listens; ``inode`` names the socket."""

    address: str
    port: int
    inode: str


def parse(table: str) -> Iterator[Listener]:
    """The listeners in the text of ``/proc/net/tcp`` or ``tcp6``."""
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == LISTENING:
            address, port = fields[1].split(":")
            yield Listener(_address(address), int(port, 16), fields[9])


def _address(digits: str) -> str:
    """The kernel writes each 32 bits of an address as a number of the machine."""
    words = [bytes.fromhex(digits[place : place + 8])[::-1] for place in range(0, len(digits), 8)]
    packed = b"".join(words)
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)
