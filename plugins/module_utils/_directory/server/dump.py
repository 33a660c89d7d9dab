# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole configuration as text: what slapcat writes and slapadd reads. Values are text here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..._engine.errors import Problem
from .. import ldif, messages


class Entry(NamedTuple):
    dn: str
    attributes: Mapping[str, Sequence[str]]


def read(text: str, option: str = "slapcat") -> tuple[list[Entry], list[Problem]]:
    """The entries, and what is wrong with the text. Bytes that are not UTF-8 survive a round trip."""
    records, problems = ldif.read(text, option)
    return [Entry(record.dn, _texts(record.attributes)) for record in records], problems


def render(entries: Iterable[Entry]) -> str:
    """LDIF without a version line of its own, which slapadd would take for an entry."""
    text = ldif.render(messages.Entry(entry.dn, _encoded(entry.attributes)) for entry in entries)
    return text.partition("\n\n")[2]


def _texts(attributes: Mapping[str, Sequence[bytes]]) -> dict[str, list[str]]:
    return {name: [value.decode("utf-8", "surrogateescape") for value in values] for name, values in attributes.items()}


def _encoded(attributes: Mapping[str, Sequence[str]]) -> dict[str, list[bytes]]:
    return {name: encoded(values) for name, values in attributes.items()}


def encoded(values: Sequence[str]) -> list[bytes]:
    return [value.encode("utf-8", "surrogateescape") for value in values]
