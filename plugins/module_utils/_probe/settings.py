# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to probe: the module's parameters, checked, as one value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from .._engine.errors import Problem, refuse

CHECKS = (
    "submission",
    "submissions",
    "relay_refused",
    "unknown_recipient_refused",
    "cleartext_auth_refused",
    "sender_forgery_refused",
    "wrong_password_refused",
)
PORTS = ("submission_port", "submissions_port", "smtp_port", "imap_port", "imaps_port", "pop3s_port", "sieve_port")
SHORTEST_TIMEOUT = 5

# The parts of an address that go into SMTP commands and headers as they are. Quoted local parts stay out.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Service:
    """A port of the mail server and the daemon behind it. ``wrapped`` says that TLS begins with the connection."""

    name: str
    port: int
    daemon: str
    wrapped: bool = False


@dataclass(frozen=True)
class Settings:
    """The checked parameters, named as in the module. A port that is not probed is ``None``; times are seconds."""

    host: str
    server_name: str
    username: str
    sender: str
    recipient: str
    mailbox: str
    timeout: int
    validate_certs: bool
    ca_path: Optional[str]
    password: Optional[str] = field(repr=False)
    password_file: Optional[str]
    submission_port: int
    submissions_port: int
    smtp_port: int
    imap_port: int
    imaps_port: int
    pop3s_port: Optional[int]
    sieve_port: Optional[int]
    checks: Sequence[str]

    @property
    def domain(self) -> str:
        return self.recipient.rpartition("@")[2]

    @property
    def smtp(self) -> Service:
        return Service("smtp", self.smtp_port, "Postfix")

    @property
    def submission(self) -> Service:
        return Service("submission", self.submission_port, "Postfix")

    @property
    def submissions(self) -> Service:
        return Service("submissions", self.submissions_port, "Postfix", wrapped=True)

    @property
    def imap(self) -> Service:
        return Service("imap", self.imap_port, "Dovecot")

    @property
    def imaps(self) -> Service:
        return Service("imaps", self.imaps_port, "Dovecot", wrapped=True)

    @property
    def pop3s(self) -> Optional[Service]:
        return Service("pop3s", self.pop3s_port, "Dovecot", wrapped=True) if self.pop3s_port else None

    @property
    def sieve(self) -> Optional[Service]:
        return Service("sieve", self.sieve_port, "Dovecot") if self.sieve_port else None

    @property
    def routes(self) -> list[Service]:
        """The ways in by which a message is sent."""
        return [service for service in (self.submission, self.submissions) if service.name in self.checks]


def from_params(params: Mapping[str, Any]) -> Settings:
    """Settings from the module's parameters; raises InputError with everything that is wrong with them."""
    values = dict(params)
    sources = {name: name if values[name] else "username" for name in ("sender", "recipient")}
    values["server_name"] = values["server_name"] or values["host"]
    for name in ("sender", "recipient"):
        values[name] = values[name] or values["username"]
    refuse(_problems(values, sources))
    return Settings(**values)


def check_password(option: str, password: str) -> list[Problem]:
    """What is wrong with a password, without showing it."""
    if not password:
        return [Problem(option, "holds no password", "give the password of the mailbox")]
    if _CONTROL.search(password):
        return [Problem(option, "holds a control character, which no mail protocol can carry", "remove it")]
    return []


def _problems(values: Mapping[str, Any], sources: Mapping[str, str]) -> list[Problem]:
    """``sources`` says which option each address comes from."""
    found = []
    if not values["username"] or _CONTROL.search(values["username"]):
        found.append(
            Problem("username", "is empty or holds a control character", "give a login name", values["username"])
        )
    for name, source in sources.items():
        # A bad username has its problem already.
        if not _ADDRESS.fullmatch(values[name]) and not (found and source == "username"):
            cure = f"set {name} to a full address, its domain in IDNA form"
            found.append(Problem(source, "is not an address of plain ASCII with one @", cure, values[name]))
    for name in ("host", "server_name"):
        if not values[name] or not values[name].isprintable() or " " in values[name]:
            found.append(Problem(name, "is neither a host name nor an address", "give one", values[name]))
    if not re.fullmatch(r"[\x20-\x7e]+", values["mailbox"]):
        found.append(
            Problem("mailbox", "is not a name in printable ASCII", "write it in modified UTF-7", values["mailbox"])
        )
    for name in PORTS:
        if values[name] is not None and not 1 <= values[name] <= 65535:
            found.append(Problem(name, "is not a port", "give a number from 1 to 65535", values[name]))
    if values["timeout"] < SHORTEST_TIMEOUT:
        cure = f"give {SHORTEST_TIMEOUT} seconds or more: a refused login alone takes two"
        found.append(Problem("timeout", "is too short", cure, values["timeout"]))
    if not values["checks"]:
        found.append(Problem("checks", "names nothing to prove", f"name some of {', '.join(CHECKS)}, or leave it out"))
    if values["password"] is not None:
        found.extend(check_password("password", values["password"]))
    return found
