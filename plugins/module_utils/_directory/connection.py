# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one file of this package that talks to a directory server: connect, search, write many requests at once.

The protocol is spoken here with the standard library alone, so that a host needs no package for it, and a search or
write of ten thousand entries costs little more than the server's own work.
"""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional
from urllib.parse import unquote, urlsplit

from .._engine.errors import Error, Problem, refuse
from . import ber, filters, messages
from .errors import (
    BUSY,
    INVALID_CREDENTIALS,
    SUCCESS,
    UNAVAILABLE,
    ConnectionLost,
    DirectoryError,
    NoServerYet,
    Unreachable,
)
from .messages import Attributes, Entry, Message, Modification, Request, Result

DEFAULT_SOCKET = "/run/slapd/ldapi"
PORTS = {"ldap": 389, "ldaps": 636}
LOCAL = {"localhost", "127.0.0.1", "::1"}
PAGE = 1000
# Requests on their way at once. slapd closes an anonymous session that has more than 100 (olcConnMaxPending).
WINDOW = 64
CHUNK = 1 << 18


def connect(params: Mapping[str, Any]) -> Connection:
    """A bound connection to the first server of the shared options ``directory`` that answers.

    Raises :class:`NoServerYet` when every server would be on this host and nothing listens there, and
    :class:`Unreachable` when none answers. A wrong certificate or password ends the search for a server.
    """
    refuse(problems(params))
    failures: list[Unreachable] = []
    for uri in params["server_uri"]:
        connection = None
        try:
            connection = Connection(uri, params)
            connection.open()
            return connection
        except Unreachable as error:
            failures.append(error)
        except DirectoryError as error:
            if error.code not in (BUSY, UNAVAILABLE):
                raise
            failures.append(Unreachable(error.message))
        except ConnectionLost as error:
            failures.append(Unreachable(error.message))
    kind = NoServerYet if all(isinstance(error, NoServerYet) for error in failures) else Unreachable
    raise kind("; ".join(error.message for error in failures))


def problems(params: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the options of the connection, without a look at the server."""
    found = []
    if not params["server_uri"]:
        found.append(Problem("server_uri", "names no server", "give at least one, such as ldapi:///"))
    for uri in params["server_uri"]:
        fault = _uri_fault(uri)
        found += [] if fault is None else [Problem("server_uri", *fault, uri)]
        if params["start_tls"] and not uri.lower().startswith("ldap://"):
            found.append(Problem("start_tls", f"cannot be used with {uri}", "use it with ldap:// alone"))
    if (params.get("bind_dn") is None) != (params.get("bind_password") is None):
        lacking = "bind_password" if params.get("bind_password") is None else "bind_dn"
        found.append(Problem(lacking, "is missing", "give both bind_dn and bind_password, or neither"))
    elif params.get("bind_password") == "":
        found.append(Problem("bind_password", "is empty, which servers take for an anonymous bind", "give a password"))
    if params.get("client_key") is not None and params.get("client_cert") is None:
        found.append(Problem("client_cert", "is missing", "give it with client_key"))
    for option in ("ca_path", "client_cert", "client_key"):
        path = params.get(option)
        if path is not None and not os.path.exists(path):
            found.append(Problem(option, "does not exist on this host", "name a file that does", path))
    for option in ("connect_timeout", "timeout"):
        if params[option] < 1:
            found.append(Problem(option, "is too short", "give at least 1 second", params[option]))
    return found


def _uri_fault(uri: str) -> Optional[tuple[str, str]]:
    cure = "write ldapi:///, ldap://host, ldaps://host or one of them with a port"
    try:
        parts = urlsplit(uri)
        _port = parts.port
    except ValueError as error:
        return f"cannot be read: {error}", cure
    if parts.scheme.lower() not in ("ldapi", "ldap", "ldaps"):
        return "is no address of a directory server", cure
    if parts.scheme.lower() != "ldapi" and not parts.hostname:
        return "names no host", cure
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        return "holds more than a server", cure
    return None


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
            try:
                self._socket.sendall(messages.message(self._number + 1, messages.UNBIND))
            except OSError:
                pass
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

    def _unreachable(self, error: OSError) -> Unreachable:
        said = error.strerror or str(error)
        host = urlsplit(self.uri).hostname
        if self._scheme == "ldapi":
            missing = isinstance(error, FileNotFoundError)
            cure = "install and start slapd" if missing else "start slapd"
            kind = NoServerYet if missing else Unreachable
            return kind(f"server_uri {self.uri}: {socket_path(self.uri)}: {said}; {cure}, or name another server")
        kind = NoServerYet if host in LOCAL and isinstance(error, ConnectionRefusedError) else Unreachable
        if isinstance(error, (socket.timeout, TimeoutError)):
            said = f"no answer within {self.params['connect_timeout']} seconds"
        return kind(f"server_uri {self.uri}: {said}; see that the server runs and can be reached from this host")

    def _start_tls(self) -> None:
        result = messages.read_result(self._ask(messages.extended(messages.START_TLS)))
        if result.code != SUCCESS:
            raise DirectoryError(self.uri, "start_tls: the server does not offer StartTLS", result)
        if self._position != len(self._buffer):
            raise ConnectionLost(f"{self.uri}: something was sent in clear after StartTLS; the network is not to trust")
        self._encrypt()

    def _encrypt(self) -> None:
        host = urlsplit(self.uri).hostname
        if self._socket is None:
            raise ConnectionLost(f"{self.uri}: the server closed the connection")
        try:
            self._socket = self._tls().wrap_socket(self._socket, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            raise Error(
                f"server_uri {self.uri}: the certificate of the server is not good: {error.verify_message}; renew or "
                "replace it, or name its authority as ca_path"
            ) from error
        except ssl.SSLError as error:
            raise Error(
                f"server_uri {self.uri}: no TLS with this server: {error.reason or error}; check that it offers TLS "
                "there, and client_cert if it wants one"
            ) from error
        except OSError as error:
            raise Unreachable(f"server_uri {self.uri}: the server ended the TLS handshake: {error}") from error

    def _tls(self) -> ssl.SSLContext:
        authority = self.params.get("ca_path")
        folder = authority is not None and os.path.isdir(authority)
        try:
            context = ssl.create_default_context(
                cafile=None if folder else authority, capath=authority if folder else None
            )
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self.params.get("client_cert") is not None:
                context.load_cert_chain(self.params["client_cert"], self.params.get("client_key"))
        except (ssl.SSLError, OSError) as error:
            raise Error(f"ca_path, client_cert, client_key: cannot be used: {error}; give PEM files that fit") from error
        if not self.params["validate_certs"]:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

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
        size_limit: int = 0,
    ) -> Iterator[Entry]:
        """The entries found, page by page. Raises :class:`DirectoryError`, also after some entries."""
        request = messages.search(base, scope, filters.encode(filter_), attributes, size_limit)
        cookie, paged = b"", scope != "base" and size_limit == 0
        while True:
            number = self._send(request, messages.page(PAGE, cookie) if paged else b"")
            for answer in self._answers(number):
                if answer.tag == messages.ENTRY:
                    yield messages.read_entry(answer)
                elif answer.tag == messages.REFERENCE:
                    self.references += messages.read_references(answer)
            result = messages.read_result(answer)
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
        for request, result, entry in self._pipeline(requests):
            if result.code == SUCCESS and entry is not None:
                yield entry._replace(dn=request.dn)
            elif result.code not in (SUCCESS, 32):
                raise DirectoryError(self.uri, f"read {request.dn}", result)

    def write(self, requests: Iterable[Request], relax: bool = False) -> Iterator[tuple[Request, Result]]:
        """Send writes, many at a time, and give the result of each as it comes, failed ones too.

        The server works on them at once and in any order: no request may need another one of the same call.
        Raises :class:`ConnectionLost` when the server goes away; what had no result by then may or may not be done.
        """
        controls = messages.control(messages.MANAGE_DSA_IT) if relax else b""
        for request, result, _entry in self._pipeline(requests, controls):
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

    def _pipeline(
        self, requests: Iterable[Request], controls: bytes = b""
    ) -> Iterator[tuple[Request, Result, Optional[Entry]]]:
        waiting: dict[int, Request] = {}
        found: dict[int, Entry] = {}
        source, more = iter(requests), True
        while more or waiting:
            batch = []
            while more and len(waiting) < WINDOW:
                request = next(source, None)
                if request is None:
                    more = False
                    break
                self._number += 1
                waiting[self._number] = request
                batch.append(messages.message(self._number, request.body, controls))
            if batch:
                self._transmit(b"".join(batch))
            # Refill when half is done, so that many requests go in one packet and the server never waits.
            while len(waiting) > (WINDOW // 2 if more else 0):
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
        raise ConnectionLost(f"{self.uri}: the server did not answer")

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
                    raise ConnectionLost(f"{self.uri}: the server closed the connection")
                self._buffer, self._position = self._buffer[self._position :] + chunk, 0
                end = ber.end_of_message(self._buffer, 0)
            answer = messages.read_message(self._buffer, self._position)
        except OSError as error:
            raise self._lost(error) from error
        except (ber.Malformed, IndexError) as error:
            raise ConnectionLost(f"{self.uri}: the answer is not LDAP: {error}; check server_uri") from error
        self._position = end
        if answer.number == 0:
            raise ConnectionLost(f"{self.uri}: the server ends the session: {messages.read_result(answer).diagnostic}")
        return answer

    def _open_socket(self) -> socket.socket:
        if self._socket is None:
            raise ConnectionLost(f"{self.uri}: the connection is closed")
        return self._socket

    def _lost(self, error: OSError) -> ConnectionLost:
        if isinstance(error, (socket.timeout, TimeoutError)):
            return ConnectionLost(f"{self.uri}: no answer within {self.params['timeout']} seconds; raise timeout")
        return ConnectionLost(f"{self.uri}: {error.strerror or error}")


def socket_path(uri: str) -> str:
    """The socket of an ``ldapi`` address; Debian's slapd listens on the default."""
    return unquote(urlsplit(uri).netloc) or DEFAULT_SOCKET
