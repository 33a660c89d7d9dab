# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail clients for the tests, on Python's standard library: they know nothing of what they test."""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import smtplib
import socket
import ssl
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

TIMEOUT = 20.0


@dataclass(frozen=True)
class MailServer:
    """A server by its address, the name in its certificate, and that certificate."""

    address: str
    name: str
    certificate: str

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.certificate)

    def connect(self, port: int) -> socket.socket:
        return socket.create_connection((self.address, port), timeout=TIMEOUT)

    def is_open(self, port: int) -> bool:
        try:
            self.connect(port).close()
        except ConnectionRefusedError:
            return False
        return True

    @contextlib.contextmanager
    def smtp(self, port: int = 25) -> Iterator[smtplib.SMTP]:
        """A session in clear, greeted."""
        with smtplib.SMTP(self.address, port, local_hostname="client.example.net", timeout=TIMEOUT) as session:
            session.ehlo()
            yield session

    @contextlib.contextmanager
    def encrypted(self, port: int = 587) -> Iterator[smtplib.SMTP]:
        """A session over TLS, from the start on 465 and by STARTTLS on other ports, greeted."""
        if port == 465:
            with _SMTPS(self, self.address, port, local_hostname="client.example.net", timeout=TIMEOUT) as session:
                session.ehlo()
                yield session
        else:
            with self.smtp(port) as session:
                # The certificate is for the server's name, the connection goes to its address.
                session._host = self.name
                session.starttls(context=self.tls())
                session.ehlo()
                yield session

    @contextlib.contextmanager
    def submission(self, user: str, password: str, port: int = 587) -> Iterator[smtplib.SMTP]:
        """A session over TLS that has logged in."""
        with contextlib.ExitStack() as stack:
            session = stack.enter_context(self.encrypted(port))
            session.login(user, password)
            yield session

    @contextlib.contextmanager
    def imap(self, user: str, password: str) -> Iterator[imaplib.IMAP4]:
        """A session over TLS from the start that has logged in."""
        session = _IMAPS(self)
        try:
            session.login(user, password)
            yield session
        finally:
            session.logout()

    @contextlib.contextmanager
    def sieve(self, user: str, password: str) -> Iterator[ManageSieve]:
        with ManageSieve(self) as session:
            session.starttls()
            session.login(user, password)
            yield session

    def wait_for(self, user: str, password: str, subject: str, folder: str = "INBOX", seconds: float = 30.0) -> str:
        """The first message with that subject, headers and body, waiting for its delivery; fails when none comes."""
        deadline = time.monotonic() + seconds
        with self.imap(user, password) as session:
            while time.monotonic() < deadline:
                found = messages(session, subject, folder)
                if found:
                    return found[0]
                time.sleep(0.3)
        raise AssertionError(f"no message {subject!r} came to {folder} of {user} within {seconds:g} s")


class _SMTPS(smtplib.SMTP_SSL):
    def __init__(self, server: MailServer, *arguments, **options):
        self._server = server
        super().__init__(*arguments, context=server.tls(), **options)

    def _get_socket(self, host, port, timeout):
        plain = socket.create_connection((host, port), timeout)
        return self.context.wrap_socket(plain, server_hostname=self._server.name)


class _IMAPS(imaplib.IMAP4):
    def __init__(self, server: MailServer):
        self._server = server
        super().__init__(server.address, 993, timeout=TIMEOUT)

    def _create_socket(self, timeout):
        return self._server.tls().wrap_socket(self._server.connect(993), server_hostname=self._server.name)


class ManageSieve:
    """As much of RFC 5804 as the tests need."""

    def __init__(self, server: MailServer, port: int = 4190):
        self._server = server
        self._socket = server.connect(port)
        self._file = self._socket.makefile("rb")
        self.greeting = self._answer()

    def __enter__(self) -> ManageSieve:
        return self

    def __exit__(self, *_error) -> None:
        self._file.close()
        self._socket.close()

    def starttls(self) -> None:
        self.command("STARTTLS")
        self._file.close()
        self._socket = self._server.tls().wrap_socket(self._socket, server_hostname=self._server.name)
        self._file = self._socket.makefile("rb")
        self.greeting = self._answer()

    def login(self, user: str, password: str) -> None:
        token = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
        self.command(f'AUTHENTICATE "PLAIN" "{token}"')

    def put(self, name: str, script: str) -> None:
        self.command(f'PUTSCRIPT "{name}" {{{len(script.encode())}+}}\r\n{script}')

    def command(self, line: str) -> list[str]:
        """Send a command and return the lines before its OK; anything else fails."""
        self._socket.sendall(f"{line}\r\n".encode())
        return self._answer()

    def _answer(self) -> list[str]:
        lines = []
        for raw in self._file:
            line = raw.decode().rstrip("\r\n")
            if re.match(r"OK\b", line):
                return lines
            if re.match(r"(NO|BYE)\b", line):
                raise AssertionError(f"ManageSieve refused: {line}")
            lines.append(line)
        raise AssertionError("ManageSieve hung up")


def new_subject() -> str:
    return f"test {uuid.uuid4()}"


def message(sender: str, recipient: str, subject: str, body: str = "Hello.", headers: str = "") -> str:
    """A message as text with CRLF line ends; ``headers`` are whole lines more."""
    text = f"From: {sender}\nTo: {recipient}\nSubject: {subject}\n{headers}\n{body}\n"
    return text.replace("\n", "\r\n")


def messages(session: imaplib.IMAP4, subject: str, folder: str = "INBOX") -> list[str]:
    """The messages with that subject in a folder, whole."""
    status, answer = session.select(folder)
    assert status == "OK", answer
    _status, (numbers,) = session.search(None, "SUBJECT", f'"{subject}"')
    return [session.fetch(number, "(RFC822)")[1][0][1].decode() for number in numbers.split()]
