# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who answers for an IPv4 address on a network: the probe of RFC 5227, which tells nobody that we want it."""

from __future__ import annotations

import ipaddress
import socket
import struct
import time
from collections.abc import Mapping
from typing import Any, Optional

from .._engine import commands
from .._engine.errors import Error, Problem, refuse
from .._engine.plan import Plan
from . import cluster, host

ETHERTYPE, BROADCAST = 0x0806, b"\xff" * 6
# Hardware and protocol type and size, operation, then hardware and protocol address of sender and target.
PACKET = struct.Struct("!HHBBH6s4s6s4s")
REQUEST, REPLY = 1, 2
PROBES, SECONDS = 3, 0.3


def plan_info(params: Mapping[str, Any]) -> Plan:
    """The report, as a plan without steps."""
    address, interface = params["virtual_address"].partition("/")[0], params["interface"]
    # With the nodes, more than the address by itself can be wrong.
    wrong = (
        cluster.address_problems(params["virtual_address"], params["nodes"])
        if params["nodes"]
        else _problems(params["virtual_address"], address)
    )
    refuse([*wrong, *host.problems(params)])
    shown = commands.run(["ip", "-o", "-4", "address", "show", "dev", interface]).stdout
    return Plan(
        result={
            "held": f" {address}/" in shown,
            "hardware_address": host.hardware_address(interface),
            "answered_by": answers(address, interface),
        }
    )


def _problems(given: str, address: str) -> list[Problem]:
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        return [Problem("virtual_address", "is no IPv4 address", "give one such as 192.0.2.10/24", given)]
    return []


def answers(address: str, interface: str) -> list[str]:
    """The hardware addresses that answer for ``address``. This host does not answer itself."""
    own = bytes.fromhex(host.hardware_address(interface).replace(":", ""))
    wanted = ipaddress.IPv4Address(address).packed
    found: set[str] = set()
    try:
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERTYPE)) as wire:
            wire.bind((interface, ETHERTYPE))
            for _probe in range(PROBES):
                wire.send(question(own, wanted))
                found.update(_heard(wire, wanted))
    except OSError as error:
        raise Error(f"interface: {interface} takes no packets of ARP: {error.strerror}; run as root") from error
    return sorted(found)


def _heard(wire: socket.socket, wanted: bytes) -> set[str]:
    heard, deadline = set(), time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        wire.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            sender = answerer(wire.recv(2048), wanted)
        except (socket.timeout, InterruptedError):
            continue
        if sender is not None:
            heard.add(sender)
    return heard


def question(own: bytes, wanted: bytes) -> bytes:
    """A frame that asks who has ``wanted``, from nobody."""
    head = BROADCAST + own + struct.pack("!H", ETHERTYPE)
    return head + PACKET.pack(1, 0x0800, 6, 4, REQUEST, own, bytes(4), bytes(6), wanted)


def answerer(frame: bytes, wanted: bytes) -> Optional[str]:
    """The hardware address that a frame says ``wanted`` is at, or nothing."""
    if len(frame) < 14 + PACKET.size:
        return None
    _hardware, _protocol, _size, _length, operation, sender, address, _target, _wanted = PACKET.unpack_from(frame, 14)
    return ":".join(f"{byte:02x}" for byte in sender) if (operation, address) == (REPLY, wanted) else None
