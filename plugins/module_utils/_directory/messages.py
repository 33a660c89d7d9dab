# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""LDAP messages (RFC 4511) as bytes: requests are made, answers are read. Values are bytes, names are text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Optional

from . import ber

Values = Sequence[bytes]
Attributes = Mapping[str, Values]

ADD, DELETE, REPLACE = 0, 1, 2
SCOPES: Mapping[str, int] = {"base": 0, "one": 1, "sub": 2}

BIND_RESPONSE, ENTRY, DONE, REFERENCE, EXTENDED_RESPONSE, INTERMEDIATE = 0x61, 0x64, 0x65, 0x73, 0x78, 0x79
UNBIND = b"\x42\x00"

PAGED = b"1.2.840.113556.1.4.319"
# Content synchronisation (RFC 4533): its request, and the mode that goes on after the first answer.
SYNC_REQUEST, REFRESH_AND_PERSIST = b"1.3.6.1.4.1.4203.1.9.1.1", 3
# What an intermediate answer of it says: a cookie, the end of a phase, or of many entries the same.
SYNC_COOKIE, SYNC_REFRESH_DELETE, SYNC_REFRESH_PRESENT, SYNC_ID_SET = 0x80, 0xA1, 0xA2, 0xA3
# What comes with an entry: why it is told.
SYNC_STATE = b"1.3.6.1.4.1.4203.1.9.1.2"
SYNC_PRESENT, SYNC_ADD, SYNC_MODIFY, SYNC_DELETE = 0, 1, 2, 3
START_TLS = "1.3.6.1.4.1.1466.20037"


class Modification(NamedTuple):
    """One change of one attribute: ``kind`` is ADD, DELETE (of the values, or of all) or REPLACE."""

    kind: int
    attribute: str
    values: Values = ()


class Request(NamedTuple):
    """A write: ``verb`` and ``dn`` for people, ``body`` for the server."""

    verb: str
    dn: str
    body: bytes


class Message(NamedTuple):
    """An answer: the number of its request, what it is, and where its content lies in ``data``."""

    number: int
    tag: int
    data: bytes
    start: int
    end: int
    controls: Optional[tuple[int, int]]


class Result(NamedTuple):
    """How an operation ended: the code of RFC 4511, the server's own words, where else to ask."""

    code: int
    matched: str = ""
    diagnostic: str = ""
    referrals: Sequence[str] = ()


class Entry(NamedTuple):
    dn: str
    attributes: dict[str, list[bytes]]


class SyncState(NamedTuple):
    """Why an entry is told in a content synchronisation, its entryUUID, and where to go on after it."""

    state: int
    uuid: bytes
    cookie: bytes = b""


class SyncInfo(NamedTuple):
    """An intermediate answer of a content synchronisation; ``kind`` is 0 when it is another one.

    ``done`` tells that all is known from here on, ``deletes`` that the entries of ``uuids`` are gone.
    """

    kind: int
    cookie: bytes = b""
    done: bool = False
    deletes: bool = False
    uuids: Sequence[bytes] = ()


# --- requests --------------------------------------------------------------------------------------------------------


def message(number: int, body: bytes, controls: bytes = b"") -> bytes:
    return ber.encode(ber.SEQUENCE, ber.integer(number) + body + controls)


def octets(text: str) -> bytes:
    return ber.encode(ber.OCTETS, text.encode("utf-8", "surrogateescape"))


def page(size: int, cookie: bytes) -> bytes:
    """The control that asks for the page after the one that ended with ``cookie``.

    A database that has no pages, such as slapd's configuration, gives everything at once.
    """
    value = ber.constructed(ber.SEQUENCE, [ber.integer(size), ber.encode(ber.OCTETS, cookie)])
    parts = [ber.encode(ber.OCTETS, PAGED), ber.encode(ber.OCTETS, value)]
    return ber.encode(0xA0, ber.constructed(ber.SEQUENCE, parts))


def follow(cookie: bytes = b"") -> bytes:
    """The control that asks for all that was changed since a cookie, and then for each change.

    Without a cookie all entries are told first. A server that does not know the control refuses.
    """
    known = [ber.encode(ber.OCTETS, cookie)] if cookie else []
    value = ber.constructed(ber.SEQUENCE, [ber.integer(REFRESH_AND_PERSIST, ber.ENUMERATED), *known])
    parts = [ber.encode(ber.OCTETS, SYNC_REQUEST), ber.TRUE, ber.encode(ber.OCTETS, value)]
    return ber.encode(0xA0, ber.constructed(ber.SEQUENCE, parts))


def simple_bind(dn: str, password: str) -> bytes:
    secret = ber.encode(0x80, password.encode("utf-8", "surrogateescape"))
    return ber.constructed(0x60, [ber.integer(3), octets(dn), secret])


def external_bind() -> bytes:
    """Be whom the operating system (ldapi) or the client certificate says."""
    sasl = ber.constructed(0xA3, [octets("EXTERNAL"), octets("")])
    return ber.constructed(0x60, [ber.integer(3), octets(""), sasl])


def extended(oid: str) -> bytes:
    return ber.encode(0x77, ber.encode(0x80, oid.encode("ascii")))


def search(base: str, scope: str, filter_: bytes, attributes: Iterable[str]) -> bytes:
    """``filter_`` is what ``filters.encode`` made."""
    return ber.constructed(
        0x63,
        [
            octets(base),
            ber.integer(SCOPES[scope], ber.ENUMERATED),
            ber.integer(0, ber.ENUMERATED),
            ber.integer(0),
            ber.integer(0),
            ber.FALSE,
            filter_,
            ber.constructed(ber.SEQUENCE, [octets(name) for name in attributes]),
        ],
    )


def add(dn: str, attributes: Attributes) -> Request:
    listed = [_attribute(name, values) for name, values in attributes.items()]
    return Request("add", dn, ber.constructed(0x68, [octets(dn), ber.constructed(ber.SEQUENCE, listed)]))


def modify(dn: str, changes: Iterable[Modification]) -> Request:
    listed = [
        ber.encode(ber.SEQUENCE, ber.integer(change.kind, ber.ENUMERATED) + _attribute(change.attribute, change.values))
        for change in changes
    ]
    return Request("modify", dn, ber.constructed(0x66, [octets(dn), ber.constructed(ber.SEQUENCE, listed)]))


def delete(dn: str) -> Request:
    return Request("delete", dn, ber.encode(0x4A, dn.encode("utf-8", "surrogateescape")))


def rename(dn: str, rdn: str, parent: Optional[str] = None, delete_old: bool = True) -> Request:
    """Give ``dn`` another relative name, and another parent when one is given."""
    parts = [octets(dn), octets(rdn), ber.boolean(delete_old)]
    parts += [] if parent is None else [ber.encode(0x80, parent.encode("utf-8", "surrogateescape"))]
    return Request("rename", dn, ber.constructed(0x6C, parts))


def _attribute(name: str, values: Values) -> bytes:
    listed = b"".join([ber.encode(ber.OCTETS, value) for value in values])
    return ber.encode(ber.SEQUENCE, octets(name) + ber.encode(ber.SET, listed))


# --- answers ---------------------------------------------------------------------------------------------------------


def read_message(data: bytes, position: int) -> Message:
    start, end = ber.header(data, position)
    parts = list(ber.elements(data, start, end))
    if len(parts) < 2 or parts[0][0] != ber.INTEGER:
        raise ber.MalformedError("a message has no number or no content")
    (_tag, *number), (tag, first, last) = parts[:2]
    controls = next(((begin, stop) for kind, begin, stop in parts[2:] if kind == 0xA0), None)
    return Message(ber.read_integer(data, *number), tag, data, first, last, controls)


def read_result(answer: Message) -> Result:
    parts = list(ber.elements(answer.data, answer.start, answer.end))
    if len(parts) < 3 or parts[0][0] != ber.ENUMERATED:
        raise ber.MalformedError("a result has no code")
    code, matched, diagnostic = (answer.data[start:end] for _tag, start, end in parts[:3])
    referrals = [
        text(answer.data[first:last])
        for tag, start, end in parts[3:]
        if tag == 0xA3
        for _kind, first, last in ber.elements(answer.data, start, end)
    ]
    return Result(int.from_bytes(code, "big"), text(matched), text(diagnostic), referrals)


def read_entry(answer: Message) -> Entry:
    data, header = answer.data, ber.header
    start, end = header(data, answer.start)
    dn = text(data[start:end])
    position, last = header(data, end)
    attributes: dict[str, list[bytes]] = {}
    # A loop in the open, with short lengths looked at on the spot: with ten thousand entries it is most of the work.
    while position < last:
        size = data[position + 1]
        inner, position = header(data, position) if size & 0x80 else (position + 2, position + 2 + size)
        size = data[inner + 1]
        start, end = header(data, inner) if size & 0x80 else (inner + 2, inner + 2 + size)
        name = str(data[start:end], "ascii", "replace")
        size = data[end + 1]
        start, stop = header(data, end) if size & 0x80 else (end + 2, end + 2 + size)
        values = []
        while start < stop:
            size = data[start + 1]
            first, start = header(data, start) if size & 0x80 else (start + 2, start + 2 + size)
            values.append(data[first:start])
        attributes[name] = values
    return Entry(dn, attributes)


def read_references(answer: Message) -> list[str]:
    return [text(answer.data[start:end]) for _tag, start, end in ber.elements(answer.data, answer.start, answer.end)]


def read_sync_info(answer: Message) -> SyncInfo:
    data = answer.data
    for tag, start, end in ber.elements(data, answer.start, answer.end):
        if tag == 0x81 and end > start:
            kind = data[start]
            first, last = ber.header(data, start)
            if kind == SYNC_COOKIE:
                return SyncInfo(kind, data[first:last])
            parts = list(ber.elements(data, first, last))
            cookie = next((data[begin:stop] for part, begin, stop in parts if part == ber.OCTETS), b"")
            flags = [data[begin] != 0 for part, begin, _stop in parts if part == ber.BOOLEAN]
            uuids = [
                data[one:other]
                for part, begin, stop in parts
                if part == ber.SET
                for _octets, one, other in ber.elements(data, begin, stop)
            ]
            if kind == SYNC_ID_SET:
                return SyncInfo(kind, cookie, deletes=any(flags), uuids=uuids)
            return SyncInfo(kind, cookie, done=all(flags))
    return SyncInfo(0)


def read_sync_state(answer: Message) -> Optional[SyncState]:
    """Why an entry is told; nothing when the server does not say."""
    value = _control(answer, SYNC_STATE)
    if value is None:
        return None
    inner = ber.header(answer.data, value[0])
    parts = [
        answer.data[begin:stop] for _tag, begin, stop in ber.elements(answer.data, inner[0], min(inner[1], value[1]))
    ]
    if len(parts) < 2:
        raise ber.MalformedError("a state of an entry has no UUID")
    return SyncState(int.from_bytes(parts[0], "big"), *parts[1:3])


def read_cookie(answer: Message) -> bytes:
    """Where the next page begins; empty after the last page, and from a server that gave all at once."""
    value = _control(answer, PAGED)
    if value is None:
        return b""
    inner = ber.header(answer.data, value[0])
    _size, (_octets, begin, stop) = list(ber.elements(answer.data, inner[0], min(inner[1], value[1])))
    return answer.data[begin:stop]


def _control(answer: Message, name: bytes) -> Optional[tuple[int, int]]:
    """Where the value of a control of an answer lies."""
    if answer.controls is None:
        return None
    for _tag, start, end in ber.elements(answer.data, *answer.controls):
        oid, *rest = list(ber.elements(answer.data, start, end))
        if answer.data[oid[1] : oid[2]] == name and rest:
            return rest[-1][1:]
    return None


def text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
