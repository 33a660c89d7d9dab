# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that match clients or domains (mynetworks, relay_domains): whether they match everybody. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Callable, Optional, Union

from .. import logical_lines
from ..words import unbraced, words

Read = Callable[[str], Optional[str]]
# Fewer bits than these in a public network are more hosts than anybody knows.
WIDE_4, WIDE_6 = 12, 24
_EVERYTHING = re.compile(r"/\^?\.[*+]?\$?/[a-z]*|/\^/[a-z]*|/@/[a-z]*")
_ALLOWED = re.compile(r"(?:ok|permit\S*|\d+|relay)\b.*", re.IGNORECASE)
_OWN_4 = [ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8")]
_OWN_6 = [ipaddress.IPv6Network(text) for text in ("fc00::/7", "fe80::/10")]
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_ADDRESSES = ("0.0.0.0/0", "::/0", "[::]/0")
_ANYTHING = re.compile(r".*")
# A file of patterns may name another one.
DEPTH = 5


def items(value: str, read: Read, depth: int = DEPTH) -> Iterator[str]:
    """The patterns of a list, and instead of a ``/file/name`` those in the file (postconf(5), mynetworks)."""
    for word in words(value):
        if not word.startswith("/"):
            yield word
        elif depth > 0:
            for line in (read(word) or "").splitlines():
                yield from items(line.partition("#")[0], read, depth - 1)


def matches_all(value: str, read: Read) -> Optional[str]:
    """The item of a list of networks that matches everything. ``read`` gives the text of a table."""
    for item in items(value, read):
        if item in _ADDRESSES or _table_with_all(item, read, _ANYTHING):
            return item
    return None


def domains_match_all(value: str, read: Read) -> Optional[str]:
    """The item of a list of domains that matches everything: a network is a name like others there."""
    return next((item for item in items(value, read) if _table_with_all(item, read, _ANYTHING)), None)


def pointless(value: str, read: Read) -> list[str]:
    """Items of a list of domains that look as if they matched many, and match nothing: Postfix has no such patterns."""
    candidates = [item for item in items(value, read) if ":" not in item]
    return [item for item in candidates if "*" in item or ("/" in item and _network(item) is not None)]


def unbracketed(value: str, read: Read) -> list[str]:
    """Addresses of IPv6 without square brackets, which Postfix takes for tables: ``2001:db8::1`` is of type 2001."""
    candidates = [item.lstrip("!") for item in items(value, read)]
    return [item for item in candidates if ":" in item and "[" not in item and _network(item) is not None]


def allows_all(table: str, read: Read) -> bool:
    """Whether an access table lets everybody through."""
    return _table_with_all(table, read, _ALLOWED)


def wide(value: str, read: Read) -> list[str]:
    """Networks that are public and so large that they hold strangers, also those in tables."""
    found = [item for item in items(value, read) if _is_wide(item)]
    for item in items(value, read):
        kind, name = _table(item)
        if kind == "cidr":
            found += [pattern for pattern, _result in _rules(name, read) if _is_wide(pattern)]
    return found


def _is_wide(item: str) -> bool:
    network = _network(item)
    if isinstance(network, ipaddress.IPv6Network):
        if not network.subnet_of(_MAPPED):
            return network.prefixlen < WIDE_6 and not any(network.subnet_of(own) for own in _OWN_6)
        network = ipaddress.IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96))
    if network is None:
        return False
    return network.prefixlen < WIDE_4 and not any(network.subnet_of(own) for own in _OWN_4)


def _network(item: str) -> Optional[Union[ipaddress.IPv4Network, ipaddress.IPv6Network]]:
    try:
        return ipaddress.ip_network(item.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return None


def _table(item: str) -> tuple[str, str]:
    """Type and name."""
    kind, _colon, name = re.sub(r"^(?:(?:proxy|debug):)*", "", item).partition(":")
    return kind, name


def _rules(name: str, read: Read) -> Iterator[tuple[str, str]]:
    """Patterns and results of a table of patterns, in a file or written out in braces."""
    if name.startswith("{"):
        lines = [unbraced(rule) for rule in words(unbraced(name))]
    else:
        lines = [chunk.text for chunk in logical_lines.split(read(name) or "") if chunk.text is not None]
    for line in lines:
        pattern, *result = line.split(None, 1)
        yield pattern, result[0] if result else ""


def _table_with_all(item: str, read: Read, wanted: re.Pattern[str]) -> bool:
    kind, name = _table(item)
    if kind == "static":
        return wanted.fullmatch(unbraced(name)) is not None
    if kind not in ("regexp", "pcre", "cidr"):
        return False
    for pattern, result in _rules(name, read):
        if pattern in _ADDRESSES or _EVERYTHING.fullmatch(pattern):
            return wanted.fullmatch(result.strip()) is not None
    return False
