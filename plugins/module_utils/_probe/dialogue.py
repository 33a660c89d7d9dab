# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Line by line with IMAP and ManageSieve where the standard library has no client, or one that hides too much."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
from collections.abc import Iterator
from typing import Optional

from .hops import Reply
from .settings import Service
from .target import CONNECT_SECONDS, Target

# Far longer than any line that these protocols send before a login.
_LONGEST_LINE = 8192
# What the server can do now, in the answer to an IMAP login: long, and no evidence.
_CAPABILITIES = re.compile(r"\[CAPABILITY [^]]*\] ?")


class Dialogue:
    """A connection on which both sides send lines."""

    def __init__(self, target: Target, connected: socket.socket) -> None:
        self.target = target
        self.socket = connected
        self._reader = connected.makefile("rb")

    def close(self) -> None:
        self._reader.close()
        self.socket.close()

    def start_tls(self) -> None:
        self._reader.close()
        self.socket = self.target.context.wrap_socket(self.socket)
        self._reader = self.socket.makefile("rb")

    def send(self, line: str) -> None:
        self.socket.sendall(line.encode() + b"\r\n")

    def line(self) -> str:
        raw = self._reader.readline(_LONGEST_LINE)
        if not raw:
            raise ConnectionError("connection closed by the server")
        return raw.decode("utf-8", "replace").rstrip("\r\n")

    @property
    def comes_from_the_server_itself(self) -> bool:
        """Whether both ends have one address: Dovecot counts such a connection as secure, TLS or not."""
        return bool(self.socket.getsockname()[0] == self.socket.getpeername()[0])

    def imap_answer(self, tag: str) -> tuple[list[str], Reply]:
        """What an IMAP server says up to the line that answers ``tag``, or up to its request for more (``+``)."""
        before: list[str] = []
        while True:
            first, rest = cut(self.line())
            if first == "+":
                return before, Reply("+", rest)
            if first == tag:
                code, text = cut(rest)
                return before, Reply(code, _CAPABILITIES.sub("", text))
            before.append(rest)

    def sieve_answer(self) -> Reply:
        """The answer of a ManageSieve server (RFC 5804), without the capabilities or names before it."""
        while True:
            code, text = cut(self.line())
            if code.upper() in ("OK", "NO", "BYE"):
                return Reply(code.upper(), text.strip('"'))


def cut(line: str) -> tuple[str, str]:
    """The first word of a line, and the rest."""
    word, *rest = line.split(" ", 1)
    return word, " ".join(rest)


@contextlib.contextmanager
def dialogue(
    target: Target, service: Service, source: Optional[str] = None, seconds: float = CONNECT_SECONDS
) -> Iterator[Dialogue]:
    """Connect within ``seconds``, in TLS from the start on a wrapped port. ``source`` is the address to come from."""
    origin = (source, 0) if source else None
    connected = socket.create_connection((target.host, service.port), target.left(seconds), origin)
    try:
        connected.settimeout(target.left())
        if service.wrapped:
            connected = target.context.wrap_socket(connected)
        talk = Dialogue(target, connected)
    except BaseException:
        connected.close()
        raise
    try:
        yield talk
    finally:
        talk.close()


def plain_credentials(username: str, password: str) -> str:
    """Name and password in the form of SASL PLAIN (RFC 4616)."""
    return base64.b64encode(f"\0{username}\0{password}".encode()).decode("ascii")


def imap_login(target: Target, service: Service, username: str, password: str, source: Optional[str]) -> Reply:
    """Log in to IMAP; the answer, which may be long in coming when the password is wrong."""
    with dialogue(target, service, source) as talk:
        talk.line()
        talk.send("a AUTHENTICATE PLAIN")
        reply = talk.imap_answer("a")[1]
        if reply.code == "+":
            talk.send(plain_credentials(username, password))
            reply = talk.imap_answer("a")[1]
        talk.send("z LOGOUT")
        return reply


def imap_cleartext(target: Target, service: Service, source: Optional[str]) -> tuple[str, Reply, bool]:
    """Ask to log in outside TLS, and give up before any password is sent.

    Returns the capabilities, the answer, and whether the server may take us for itself.
    """
    with dialogue(target, service, source, seconds=CONNECT_SECONDS / 2) as talk:
        talk.line()
        talk.send("a CAPABILITY")
        capabilities = " ".join(talk.imap_answer("a")[0])
        talk.send("b AUTHENTICATE PLAIN")
        reply = talk.imap_answer("b")[1]
        if reply.code == "+":
            talk.send("*")
            talk.imap_answer("b")
        talk.send("z LOGOUT")
        return capabilities, reply, talk.comes_from_the_server_itself


def sieve_login(target: Target, service: Service, username: str, password: str) -> Reply:
    """Log in to ManageSieve after STARTTLS and list the scripts; the answer that decides."""
    with dialogue(target, service) as talk:
        talk.sieve_answer()
        for request in ("STARTTLS", f'AUTHENTICATE "PLAIN" "{plain_credentials(username, password)}"', "LISTSCRIPTS"):
            talk.send(request)
            reply = talk.sieve_answer()
            if reply.code != "OK":
                break
            if request == "STARTTLS":
                talk.start_tls()
                talk.sieve_answer()
        talk.send("LOGOUT")
        return reply
