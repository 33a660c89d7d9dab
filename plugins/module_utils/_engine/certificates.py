# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a certificate says of itself and whether a key belongs to it, by the installed ``openssl`` (openssl-x509(1))."""

from __future__ import annotations

import re
import time
from calendar import timegm
from dataclasses import dataclass
from typing import Any

from . import commands
from .errors import Error

# As OpenSSL prints it: Nov 25 13:00:00 2026 GMT.
DATE = "%b %d %H:%M:%S %Y %Z"


@dataclass(frozen=True)
class Certificate:
    """What a certificate says of itself. ``expires`` is OpenSSL's text, ``days_left`` whole days from now."""

    names: tuple[str, ...]
    expires: str
    days_left: int
    self_signed: bool
    matches_key: bool

    def as_dict(self) -> dict[str, Any]:
        return {
            "names": list(self.names),
            "expires": self.expires,
            "days_left": self.days_left,
            "self_signed": self.self_signed,
        }


def inspect(certificate: bytes, key: bytes, certificate_name: str, key_name: str) -> Certificate:
    """What ``certificate`` (PEM, the first one counts) says and whether ``key`` (PEM) belongs to it.

    The key goes through standard input only. The names are for messages.
    """
    shown = commands.run(
        ["openssl", "x509", "-noout", "-subject", "-issuer", "-enddate", "-ext", "subjectAltName"],
        stdin=certificate,
        accept=None,
    )
    if shown.rc != 0:
        raise Error(f"{certificate_name} does not hold a certificate in PEM form; give the certificate, leaf first")
    fields = dict(re.findall(r"^(subject|issuer|notAfter)\s*=\s*(.*)$", shown.stdout, re.MULTILINE))
    ends = time.strptime(fields["notAfter"], DATE)
    return Certificate(
        names=tuple(re.findall(r"DNS:([^,\s]+)", shown.stdout)),
        expires=time.strftime("%Y-%m-%d", ends),
        days_left=int((timegm(ends) - time.time()) // 86400),
        self_signed=fields["subject"] == fields["issuer"],
        matches_key=_public_key(certificate, ["x509", "-noout", "-pubkey"], certificate_name)
        == _public_key(key, ["pkey", "-pubout", "-passin", "pass:"], key_name),
    )


def not_after(certificate: bytes, certificate_name: str) -> int:
    """When ``certificate`` (PEM, the first one counts) ends, in seconds since 1970. The name is for messages."""
    shown = commands.run(["openssl", "x509", "-noout", "-enddate"], stdin=certificate, accept=None)
    found = re.fullmatch(r"notAfter=(.*)\n", shown.stdout)
    if shown.rc != 0 or found is None:
        raise Error(f"{certificate_name} does not hold a certificate in PEM form; give the certificate, leaf first")
    return timegm(time.strptime(found[1], DATE))


def _public_key(pem: bytes, arguments: list[str], name: str) -> str:
    shown = commands.run(["openssl", *arguments], stdin=pem, accept=None)
    if shown.rc != 0:
        raise Error(f"{name} does not hold a key in PEM form that openssl can read without a passphrase")
    return shown.stdout
