# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that match clients or domains (mynetworks, relay_domains): whether they match everybody. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Optional, Union

from ..words import unbraced, words

# Fewer bits than these in a public network are more hosts than anybody knows.
WIDE_4, WIDE_6 = 12, 24
_EVERYTHING = re.compile(r"/\^?\.[*+]?\$?/[a-z]*|/\^/[a-z]*|/@/[a-z]*")
_ALLOWED = re.compile(r"(?:ok|permit\S*|\d+|relay)\b.*", re.IGNORECASE)
_OWN_4 = [ipaddress.IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8")]
_OWN_6 = [ipaddress.IPv6Network(text) for text in ("fc00::/7", "fe80::/10")]
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_ADDRESSES = ("0.0.0.0/0", "::/0", "[::]/0")


def matches_all(value: str, read: Callable[[str], Optional[str]]) -> Optional[str]:
    """The item of a list of domains or networks that matches everything. ``read`` gives the text of a table."""
    for item in words(value):
        if item in _ADDRESSES or _table_with_all(item, read, re.compile(r".*")):
            return item
    return None


def allows_all(table: str, read: Callable[[str], Optional[str]]) -> bool:
    """Whether an access table lets everybody through."""
    return _table_with_all(table, read, _ALLOWED)


def wide(value: str) -> list[str]:
    """Networks that are public and so large that they hold strangers."""
    return [item for item in words(value) if _is_wide(item)]


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


def _table_with_all(item: str, read: Callable[[str], Optional[str]], wanted: re.Pattern[str]) -> bool:
    kind, _colon, name = re.sub(r"^(?:proxy|debug):", "", item).partition(":")
    if kind == "static":
        return wanted.fullmatch(unbraced(name)) is not None
    if kind not in ("regexp", "pcre", "cidr"):
        return False
    if name.startswith("{"):
        rules = [unbraced(rule) for rule in words(unbraced(name))]
    else:
        text = read(name)
        rules = [] if text is None else [line.strip() for line in text.splitlines()]
    for rule in rules:
        if rule and not rule.startswith("#"):
            pattern, _space, result = rule.partition(" ")
            if pattern in _ADDRESSES or _EVERYTHING.fullmatch(pattern):
                return wanted.fullmatch(result.strip()) is not None
    return False
