# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of a directory as they happen: LDAP content synchronisation, refreshAndPersist (RFC 4533)."""

from __future__ import annotations

import select
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any, Optional

from . import filters, messages
from .connection import Connection, connect
from .errors import DirectoryError

# Changes that come within so many seconds are told as one.
TOGETHER = 0.3


class Watch(Connection):
    """A session in which the server tells what changes."""

    @classmethod
    def begun(cls, params: Mapping[str, Any]) -> Watch:
        """A session with the first server of the options that answers."""
        first = connect(params)
        first.close()
        session = cls(first.uri, params)
        session.open()
        session._notice_a_dead_peer()
        return session

    def changes(self, base: str, scope: str, filter_: str, idle: float) -> Iterator[bool]:
        """True once the server begins to tell changes, and after each change or several that came together.

        False when ``idle`` seconds were quiet, so that whoever listens can look after other things.
        """
        number = self._send(messages.search(base, scope, filters.encode(filter_), ("1.1",)), messages.follow())
        persists = changed = False
        while True:
            if not self._has_more(TOGETHER if changed else idle):
                yield changed
                changed = False
                continue
            answer = self._receive()
            if answer.number != number:
                continue
            if answer.tag == messages.DONE:
                cure = "have the overlay syncprov on it, or do without live"
                raise DirectoryError(self.uri, f"watch {base!r} ({cure})", messages.read_result(answer))
            said = messages.read_sync_info(answer).kind if answer.tag == messages.INTERMEDIATE else 0
            if not persists:
                persists = changed = said in (messages.SYNC_REFRESH_DELETE, messages.SYNC_REFRESH_PRESENT)
            elif answer.tag == messages.ENTRY or said == messages.SYNC_ID_SET:
                changed = True

    def told(self, search: Mapping[str, Any], cookie: bytes, idle: float) -> Iterator[Optional[messages.Message]]:
        """Each answer, first about all that was changed since ``cookie``, then about each change.

        ``search`` has base, scope, filter and attributes. Nothing when ``idle`` seconds were quiet.
        """
        base, wanted = search["base"], filters.encode(search["filter"])
        request = messages.search(base, search["scope"], wanted, search["attributes"])
        number = self._send(request, messages.follow(cookie))
        while True:
            if not self._has_more(idle):
                yield None
                continue
            answer = self._receive()
            if answer.number != number:
                continue
            if answer.tag == messages.DONE:
                cure = "have the overlay syncprov on it"
                raise DirectoryError(self.uri, f"watch {base!r} ({cure})", messages.read_result(answer))
            yield answer

    def _notice_a_dead_peer(self) -> None:
        """A session that is quiet for hours would not hear that its server's host is gone."""
        open_socket = self._open_socket()
        if open_socket.family != socket.AF_UNIX:
            open_socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in ((socket.TCP_KEEPIDLE, 60), (socket.TCP_KEEPINTVL, 10), (socket.TCP_KEEPCNT, 3)):
                open_socket.setsockopt(socket.IPPROTO_TCP, option, value)

    def _has_more(self, limit: float) -> bool:
        """Whether something of an answer is there, or comes within so many seconds."""
        open_socket = self._open_socket()
        if self._position < len(self._buffer) or (isinstance(open_socket, ssl.SSLSocket) and open_socket.pending()):
            return True
        return bool(select.select([open_socket], [], [], limit)[0])
