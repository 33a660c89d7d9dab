# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses the inet services of master.cf would listen on. Pure: nothing is resolved or opened here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Optional

from .master_cf import Service


@dataclass(frozen=True)
class Listener:
    """``host`` is nothing where only Postfix knows the addresses. ``port`` is a number or a name of services(5)."""

    key: str
    host: Optional[str]
    port: str


def listeners(services: Iterable[Service], inet_interfaces: str, inet_protocols: str) -> list[Listener]:
    """One for each inet service (master(5): ``host:port``, ``[host]:port`` or ``port``)."""
    anywhere = {"all": "0.0.0.0", "loopback-only": "127.0.0.1"}.get(inet_interfaces)
    if inet_protocols == "ipv6":
        anywhere = None
    found = []
    for service in services:
        if service.type == "inet":
            host, _colon, port = service.name.rpartition(":")
            found.append(Listener(service.key, host.strip("[]") or anywhere, port))
    return found


def port_number(port: str, known: Mapping[str, int]) -> Optional[int]:
    """The number of a port; names are looked up in ``known``."""
    if port.isascii() and port.isdigit():
        return int(port) if 0 < int(port) < 65536 else None
    return known.get(port)


def known_ports(known_tcp_ports: str) -> dict[str, int]:
    """Names that Postfix knows by itself: ``lmtp=24, smtps=submissions=465`` (postconf(5), known_tcp_ports)."""
    ports: dict[str, int] = {}
    for entry in known_tcp_ports.replace(",", " ").split():
        *names, number = entry.split("=")
        if number.isdigit():
            ports.update((name, int(number)) for name in names)
    return ports
