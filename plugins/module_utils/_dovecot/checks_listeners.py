# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners on one port that would get in each other's way: Dovecot does not start.

doveconf only tells of two that name port and address alike; what the kernel refuses was seen with 2.3.19 and 2.4.1.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Optional

from .._engine.findings import Finding
from .configuration import Configuration
from .effective import shown, words
from .findings import error
from .host import Installation
from .settings import Line, leaves

# By the names that 2.3 and 2.4 have for the addresses.
ADDRESS = ("address", "listen")
EVERY = {"*": 4, "0.0.0.0": 4, "::": 6, "[::]": 6}


@dataclass
class _Listener:
    """A listener by the names of its service and its own, with the ``lines`` that set something of it."""

    service: str
    name: str
    lines: dict[str, Line] = field(default_factory=dict)

    def value(self, *names: str) -> str:
        return next((self.lines[name].value or "" for name in names if name in self.lines), "")

    @property
    def written(self) -> Optional[Line]:
        """The line that somebody wrote to give it its port or addresses."""
        found = [self.lines[name] for name in ("port", *ADDRESS) if name in self.lines and self.lines[name].file]
        return found[0] if found else None


def colliding(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Pairs of listeners that take one port of one address."""
    if not any("inet_listener" in line.name or line.name in ADDRESS for line in configuration.main.lines):
        return
    defaults = [replace(line, file="") for line in leaves(shown(host.defaults()))]
    everywhere = _everywhere(configuration, defaults)
    used = list(_listeners(configuration, defaults))
    given = [listener.lines[name] for listener in used for name in ADDRESS if name in listener.lines]
    for line in [*given, *([everywhere] if used and everywhere.file else [])]:
        if _overlap(line.words, configuration.version.syntax):
            message = "names an address that it, or the * beside it, has already"
            yield error(line, "listener", message, "leave it out")
    for number, one in enumerate(used):
        for other in used[:number]:
            here, there = (listener.value(*ADDRESS) or everywhere.value or "" for listener in (one, other))
            written = one.written or other.written
            # doveconf itself tells where both are written alike.
            if written and one.value("port") == other.value("port") and here != there and _meet(here, there):
                message = (
                    f"{one.service} {one.name} and {other.service} {other.name} both take port {one.value('port')}"
                )
                cure = "give one of them another port or address, or `port = 0`"
                yield error(written, "listener", message, cure)


def _everywhere(configuration: Configuration, defaults: Sequence[Line]) -> Line:
    """The addresses of listeners that name none."""
    found = [line for line in defaults if line.name == "listen" and not line.section]
    return configuration.effective("listen") or next(iter(found), Line("", "", 0))


def _overlap(addresses: Sequence[str], syntax: str) -> bool:
    """Whether one of them is, or is among, another one. 2.4 takes the same one twice."""
    return any(
        _meet(one, other) and (syntax == "2.3" or one != other)
        for number, one in enumerate(addresses)
        for other in addresses[:number]
    )


def _listeners(configuration: Configuration, defaults: Sequence[Line]) -> Iterator[_Listener]:
    """Those that would be opened, and may not share their port."""
    found: dict[tuple[str, str], _Listener] = {}
    services: dict[str, dict[str, Line]] = {}
    for line in (*defaults, *configuration.settings):
        kinds = [header.partition(" ")[0] for header in line.section]
        names = [header.partition(" ")[2].strip('"') for header in line.section]
        if kinds == ["service"]:
            services.setdefault(names[0], {})[line.name.replace("service_", "", 1)] = line
        elif kinds == ["service", "inet_listener"]:
            listener = found.setdefault((names[0], names[1]), _Listener(names[0], names[1]))
            listener.lines[line.name.replace("inet_listener_", "", 1)] = line
    served = _served(configuration, defaults)
    for listener in found.values():
        service = services.get(listener.service, {})
        protocol = (service["protocol"].value or "") if "protocol" in service else ""
        if "listen" in service:
            listener.lines.setdefault("listen", service["listen"])
        shares = "reuse_port" in listener.lines and listener.lines["reuse_port"].is_on
        if listener.value("port").strip("0") and not shares and (not protocol or protocol in served):
            yield listener


def _served(configuration: Configuration, defaults: Sequence[Line]) -> set[str]:
    """The protocols that are on. A list without a reference begins anew."""
    served = set(words(defaults, "protocols"))
    given = [line for line in configuration.settings if "protocols" in (line.name, line.kind)]
    for line in given:
        if line.name == "protocols":
            refers = any(configuration.refers(word) for word in line.words)
            served = {*(served if refers else ()), *line.words}
        elif line.is_on:
            served.add(line.name)
        else:
            served.discard(line.name)
    return served


def _meet(ones: str, others: str) -> bool:
    """Whether some address of one list is, or is among, one of the other."""
    pairs = ((one, other) for one in _addresses(ones) for other in _addresses(others))
    return any(
        one == other or EVERY.get(one) == _family(other) or EVERY.get(other) == _family(one) for one, other in pairs
    )


def _addresses(text: str) -> list[str]:
    return ["127.0.0.1" if word == "localhost" else word for word in text.replace(",", " ").split()]


def _family(address: str) -> int:
    """4 or 6, and 0 for a name."""
    try:
        return EVERY.get(address) or ipaddress.ip_address(address.strip("[]")).version
    except ValueError:
        return 0
