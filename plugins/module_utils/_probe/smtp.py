# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Talking SMTP: sessions, authentication, and a message handed in. Nothing here judges."""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Iterator
from typing import Optional

from .dialogue import plain_credentials
from .hops import Reply, UnexpectedReplyError, Verdict
from .settings import Service
from .target import CONNECT_SECONDS, Target


@contextlib.contextmanager
def connection(
    target: Target, service: Service, host: Optional[str] = None, source: Optional[str] = None
) -> Iterator[smtplib.SMTP]:
    """A session after EHLO, in TLS from the start on a wrapped port. ``source`` is the address to come from."""
    timeout = target.left(CONNECT_SECONDS)
    # Left to itself smtplib asks the name service for our name, which may take long and fail.
    client = (
        smtplib.SMTP_SSL(local_hostname="[127.0.0.1]", timeout=timeout, context=target.context)
        if service.wrapped
        else smtplib.SMTP(local_hostname="[127.0.0.1]", timeout=timeout)
    )
    try:
        _expect(_reply(client.connect(host or target.host, service.port, (source or "", 0))), "220")
        if client.sock is not None:
            client.local_hostname = _literal(client.sock.getsockname()[0])
            client.sock.settimeout(target.left())
        _expect(_reply(client.ehlo()), "250")
        yield client
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.quit()
    finally:
        client.close()


@contextlib.contextmanager
def secure_connection(target: Target, service: Service, source: Optional[str] = None) -> Iterator[smtplib.SMTP]:
    """A session inside TLS, through STARTTLS where the port is not wrapped."""
    with connection(target, service, source=source) as client:
        if not service.wrapped:
            if not client.has_extn("starttls"):
                cure = "give Postfix a certificate and set smtpd_tls_security_level=encrypt for this service"
                raise UnexpectedReplyError(Verdict(False, Reply("", "STARTTLS is not offered"), cure=cure))
            _expect(_reply(client.starttls(context=target.context)), "220")
            _expect(_reply(client.ehlo()), "250")
        yield client


def log_in(client: smtplib.SMTP, username: str, password: str) -> Reply:
    """Try AUTH PLAIN. smtplib's own login would fail on passwords beyond ASCII, and show them in its exception."""
    return _reply(client.docmd("AUTH", f"PLAIN {plain_credentials(username, password)}"))


def ask_to_log_in(client: smtplib.SMTP) -> Reply:
    """Ask to authenticate, and give up before any password is sent."""
    reply = _reply(client.docmd("AUTH", "PLAIN"))
    if reply.code == "334":
        client.docmd("*")
    return reply


def envelope(client: smtplib.SMTP, sender: str, recipient: str) -> Reply:
    """Name sender and recipient, in a transaction of its own, and return the answer that decides. No mail is sent."""
    client.rset()
    reply = _reply(client.mail(sender))
    return reply if not reply.code.startswith("2") else _reply(client.rcpt(recipient))


def hand_in(client: smtplib.SMTP, sender: str, recipient: str, message: bytes) -> Reply:
    """Send a message; the answer to it, or the one by which it was refused before."""
    reply = envelope(client, sender, recipient)
    if not reply.code.startswith("2"):
        return reply
    try:
        return _reply(client.data(message))
    except smtplib.SMTPDataError as error:
        return _reply((error.smtp_code, error.smtp_error))


def _reply(answer: tuple[int, object]) -> Reply:
    code, words = answer
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return Reply(str(code), " ".join(text.split()))


def _expect(reply: Reply, code: str) -> None:
    if reply.code != code:
        raise UnexpectedReplyError(Verdict(False, reply, cure="look into the log of Postfix"))


def _literal(address: str) -> str:
    """Our address as an EHLO name: it passes every HELO check of Postfix without a name service."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
