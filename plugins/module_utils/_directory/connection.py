# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file of this package that talks to a directory server: connect, search, read and write.

The protocol is spoken here with the standard library alone, so that a host needs no package for it, and a search or
write of ten thousand entries costs little more than the server's own work.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional
from urllib.parse import urlsplit

from .._engine.errors import refuse
from . import ber, filters, messages, tls
from .errors import (
    ADMIN_LIMIT,
    BUSY,
    INVALID_CREDENTIALS,
    SUCCESS,
    UNAVAILABLE,
    ConnectionLostError,
    DirectoryError,
    NoServerYetError,
    UnreachableError,
)
from .messages import Attributes, Entry, Message, Modification, Request, Result
from .options import PORTS, problems, socket_path

LOCAL = {"localhost", "127.0.0.1", "::1"}
PAGE = 1000
# Reads on their way at once. slapd closes an anonymous session that has more than 100 (olcConnMaxPending).
WINDOW = 64
CHUNK = 1 << 18


def connect(params: Mapping[str, Any]) -> Connection:
    """A bound connection to the first server of the shared options ``directory`` that answers.

    Raises :class:`NoServerYetError` when every server would be on this host and nothing listens there, and
    :class:`UnreachableError` when none answers. A wrong certificate or password ends the search for a server.
    """
    refuse(problems(params))
    failures: list[UnreachableError] = []
    for uri in params["server_uri"]:
        connection = None
        try:
            connection = Connection(uri, params)
            connection.open()
            return connection
        except UnreachableError as error:
            failures.append(error)
        except DirectoryError as error:
            if error.code not in (BUSY, UNAVAILABLE):
                raise
            failures.append(UnreachableError(error.message))
        except ConnectionLostError as error:
            failures.append(UnreachableError(error.message))
    kind = NoServerYetError if all(isinstance(error, NoServerYetError) for error in failures) else UnreachableError
    raise kind("; ".join(error.message for error in failures))


class Connection:
    """One session with one server. Names are text, values are bytes.

    ``references`` collects what the server said is elsewhere during searches.
    """

    def __init__(self, uri: str, params: Mapping[str, Any]) -> None:
        self.uri = uri
        self.params = params
        self.references: list[str] = []
        self._scheme = urlsplit(uri).scheme.lower()
        self._socket: Optional[socket.socket] = None
        self._buffer = b""
        self._position = 0
        self._number = 0

    # --- opening -----------------------------------------------------------------------------------------------------

    def open(self) -> None:
        try:
            self._connect()
            if self.params["start_tls"]:
                self._start_tls()
            self._bind()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.sendall(messages.message(self._number + 1, messages.UNBIND))
            self._socket.close()
            self._socket = None

    def _connect(self) -> None:
        limit = self.params["connect_timeout"]
        try:
            if self._scheme == "ldapi":
                path = socket_path(self.uri)
                self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                self._socket.settimeout(limit)
                self._socket.connect(path)
            else:
                parts = urlsplit(self.uri)
                address = (parts.hostname, parts.port or PORTS[self._scheme])
                self._socket = socket.create_connection(address, timeout=limit)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            raise self._unreachable(error) from error
        if self._scheme == "ldaps":
            self._encrypt()
        self._socket.settimeout(self.params["timeout"])

    def _unreachable(self, error: OSError) -> UnreachableError:
        said = error.strerror or str(error)
        host = urlsplit(self.uri).hostname
        if self._scheme == "ldapi":
            missing = isinstance(error, FileNotFoundError)
            cure = "install and start slapd" if missing else "start slapd"
            kind = NoServerYetError if missing else UnreachableError
            return kind(f"server_uri {self.uri}: {socket_path(self.uri)}: {said}; {cure}, or name another server")
        kind = NoServerYetError if host in LOCAL and isinstance(error, ConnectionRefusedError) else UnreachableError
        if isinstance(error, (socket.timeout, TimeoutError)):
            said = f"no answer within {self.params['connect_timeout']} seconds"
        return kind(f"server_uri {self.uri}: {said}; see that the server runs and can be reached from this host")

    def _start_tls(self) -> None:
        result = messages.read_result(self._ask(messages.extended(messages.START_TLS)))
        if result.code != SUCCESS:
            raise DirectoryError(self.uri, "start_tls: the server does not offer StartTLS", result)
        if self._position != len(self._buffer):
            raise ConnectionLostError(
                f"{self.uri}: something was sent in clear after StartTLS; the network is not to trust"
            )
        self._encrypt()

    def _encrypt(self) -> None:
        self._socket = tls.encrypted(self._open_socket(), self.uri, self.params)

    def _bind(self) -> None:
        dn = self.params.get("bind_dn")
        if dn is not None:
            request, who = messages.simple_bind(dn, self.params["bind_password"]), f"as {dn}"
        elif self._scheme == "ldapi" or self.params.get("client_cert") is not None:
            request, who = messages.external_bind(), "EXTERNAL"
        else:
            request, who = messages.simple_bind("", ""), "anonymously"
        result = messages.read_result(self._ask(request))
        if result.code != SUCCESS:
            raise DirectoryError(f"server_uri {self.uri}", f"bind {who}", result)

    def accepts(self, dn: str, password: str) -> bool:
        """Whether somebody may log in with this password, tried on a connection of its own."""
        other = Connection(self.uri, {**self.params, "bind_dn": dn, "bind_password": password})
        try:
            other.open()
        except DirectoryError as error:
            if error.code != INVALID_CREDENTIALS:
                raise
            return False
        other.close()
        return True

    # --- operations --------------------------------------------------------------------------------------------------

    def search(
        self,
        base: str,
        scope: str = "sub",
        filter_: str = filters.EVERYTHING,
        attributes: Sequence[str] = ("*",),
    ) -> Iterator[Entry]:
        """The entries found, page by page. Raises :class:`DirectoryError`, also after some entries.

        A server that forbids pages, or ones as large (``size.pr`` and ``size.prtotal`` of slapd), is asked without.
        """
        request = messages.search(base, scope, filters.encode(filter_), attributes)
        cookie, paged, found = b"", scope != "base", False
        while True:
            number = self._send(request, messages.page(PAGE, cookie) if paged else b"")
            for answer in self._answers(number):
                if answer.tag == messages.ENTRY:
                    found = True
                    yield messages.read_entry(answer)
                elif answer.tag == messages.REFERENCE:
                    self.references += messages.read_references(answer)
            result = messages.read_result(answer)
            if result.code == ADMIN_LIMIT and paged and not found:
                paged = False
                continue
            if result.code != SUCCESS:
                raise DirectoryError(self.uri, f"search below {base!r}", result)
            cookie = messages.read_cookie(answer)
            if not cookie:
                return

    def read(self, dn: str, attributes: Sequence[str] = ("*",)) -> Optional[Entry]:
        """One entry, or nothing when it is not there."""
        return next(self.read_each([dn], attributes), None)

    def read_each(self, dns: Iterable[str], attributes: Sequence[str] = ("*",)) -> Iterator[Entry]:
        """Those of the named entries that are there, asked for many at a time; each keeps the name asked for."""
        everything = filters.encode(filters.EVERYTHING)
        requests = (Request("read", dn, messages.search(dn, "base", everything, attributes)) for dn in dns)
        for request, result, entry in self._pipeline(requests, WINDOW):
            if result.code == SUCCESS and entry is not None:
                yield entry._replace(dn=request.dn)
            elif result.code not in (SUCCESS, 32):
                raise DirectoryError(self.uri, f"read {request.dn}", result)

    def write(self, requests: Iterable[Request]) -> Iterator[tuple[Request, Result]]:
        """Send writes one after the other and give the result of each, failed ones too.

        Several at once would be no faster, for the server waits for the disk in each, and its overlays, such as the one
        for unique values, would not see those that are on their way. Raises :class:`ConnectionLostError` when the
        server goes away: the one without a result then may be done or not.
        """
        for request, result, _entry in self._pipeline(requests, 1):
            yield request, result

    def add(self, dn: str, attributes: Attributes) -> None:
        self._one(messages.add(dn, attributes))

    def modify(self, dn: str, changes: Iterable[Modification]) -> None:
        self._one(messages.modify(dn, changes))

    def delete(self, dn: str) -> None:
        self._one(messages.delete(dn))

    def rename(self, dn: str, rdn: str, parent: Optional[str] = None, delete_old: bool = True) -> None:
        self._one(messages.rename(dn, rdn, parent, delete_old))

    def root_dse(self) -> dict[str, list[bytes]]:
        """What the server says about itself: naming contexts, where its schema is, what it supports."""
        entry = self.read("", ("*", "+"))
        return {} if entry is None else entry.attributes

    def _one(self, request: Request) -> None:
        result = messages.read_result(self._ask(request.body))
        if result.code != SUCCESS:
            raise DirectoryError(self.uri, f"{request.verb} {request.dn}", result)

    # --- messages ----------------------------------------------------------------------------------------------------

    def _pipeline(self, requests: Iterable[Request], window: int) -> Iterator[tuple[Request, Result, Optional[Entry]]]:
        waiting: dict[int, Request] = {}
        found: dict[int, Entry] = {}
        source, more = iter(requests), True
        while more or waiting:
            batch = []
            while more and len(waiting) < window:
                request = next(source, None)
                if request is None:
                    more = False
                    break
                self._number += 1
                waiting[self._number] = request
                batch.append(messages.message(self._number, request.body))
            if batch:
                self._transmit(b"".join(batch))
            # Refill when half is done, so that many requests go in one packet and the server never waits.
            while len(waiting) > (window // 2 if more else 0):
                answer = self._receive()
                if answer.tag == messages.ENTRY:
                    found[answer.number] = messages.read_entry(answer)
                elif answer.tag == messages.REFERENCE:
                    self.references += messages.read_references(answer)
                elif answer.number in waiting:
                    result = messages.read_result(answer)
                    yield waiting.pop(answer.number), result, found.pop(answer.number, None)

    def _ask(self, body: bytes) -> Message:
        """The only answer to a request."""
        for answer in self._answers(self._send(body)):
            return answer
        raise ConnectionLostError(f"{self.uri}: the server did not answer")

    def _send(self, body: bytes, controls: bytes = b"") -> int:
        self._number += 1
        self._transmit(messages.message(self._number, body, controls))
        return self._number

    def _answers(self, number: int) -> Iterator[Message]:
        while True:
            answer = self._receive()
            if answer.number == number:
                yield answer
                if answer.tag not in (messages.ENTRY, messages.REFERENCE):
                    return

    def _transmit(self, data: bytes) -> None:
        try:
            self._open_socket().sendall(data)
        except OSError as error:
            raise self._lost(error) from error

    def _receive(self) -> Message:
        try:
            end = ber.end_of_message(self._buffer, self._position)
            while end is None:
                chunk = self._open_socket().recv(CHUNK)
                if not chunk:
                    raise ConnectionLostError(f"{self.uri}: the server closed the connection")
                self._buffer, self._position = self._buffer[self._position :] + chunk, 0
                end = ber.end_of_message(self._buffer, 0)
            answer = messages.read_message(self._buffer, self._position)
        except OSError as error:
            raise self._lost(error) from error
        except (ber.MalformedError, IndexError) as error:
            raise ConnectionLostError(f"{self.uri}: the answer is not LDAP: {error}; check server_uri") from error
        self._position = end
        if answer.number == 0:
            raise ConnectionLostError(
                f"{self.uri}: the server ends the session: {messages.read_result(answer).diagnostic}"
            )
        return answer

    def _open_socket(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionLostError(f"{self.uri}: the connection is closed")
        return self._socket

    def _lost(self, error: OSError) -> ConnectionLostError:
        if isinstance(error, (socket.timeout, TimeoutError)):
            return ConnectionLostError(f"{self.uri}: no answer within {self.params['timeout']} seconds; raise timeout")
        return ConnectionLostError(f"{self.uri}: {error.strerror or error}")
