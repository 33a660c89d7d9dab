# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deciding what to do about a certificate and its key: pure, on what ``openssl.py`` found out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from .._engine.certificates import Certificate
from .._engine.errors import Problem

# A century. OpenSSL stops at the year 9999.
LONGEST_DAYS = 36500
# RFC 1035 labels, with a leading wildcard label as RFC 6125 allows it.
_NAME = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """The options of the module that decide: subject names, validity in days, days before the end to renew."""

    certificate_file: str
    key_file: str
    names: tuple[str, ...]
    days: int
    renew_before_days: int


def problems(wanted: Wanted, content: Optional[str], key_content: Optional[str]) -> list[Problem]:
    """Everything wrong with the options themselves."""
    found = []
    for option in ("certificate_file", "key_file"):
        path = getattr(wanted, option)
        if not path.startswith("/"):
            found.append(Problem(option, "is not an absolute path", "write it from the root, with a leading /", path))
    if wanted.certificate_file == wanted.key_file:
        found.append(Problem("key_file", "is the certificate's file", "name a file of its own", wanted.key_file))
    if (content is None) != (key_content is None):
        missing, given = ("key_content", "content") if key_content is None else ("content", "key_content")
        cure = f"give the certificate and its key together, or leave {given} out too"
        found.append(Problem(missing, "is missing", cure))
    if content is None and not wanted.names:
        found.append(Problem("names", "is empty", "give at least the name that clients connect to"))
    for number, name in enumerate(wanted.names):
        if len(name) > 253 or not _NAME.fullmatch(name):
            found.append(
                Problem(f"names[{number}]", "is not a host name", "write letters, digits, hyphens and dots only", name)
            )
    if not 1 <= wanted.days <= LONGEST_DAYS:
        found.append(Problem("days", "is no term", f"write a number of days from 1 to {LONGEST_DAYS}", wanted.days))
    elif not 0 <= wanted.renew_before_days < wanted.days:
        cure = f"write a number of days from 0 to {wanted.days - 1}, else every run would sign anew"
        found.append(Problem("renew_before_days", "does not lie within days", cure, wanted.renew_before_days))
    return found


def reason_to_sign(wanted: Wanted, present: Optional[Certificate]) -> Optional[str]:
    """Why a new self-signed certificate is due, or nothing.

    A certificate that somebody else signed is never replaced: renewing it is the work of whoever brought it.
    """
    if present is None:
        return "there is none"
    if not present.self_signed:
        return None
    if sorted(present.names) != sorted(wanted.names):
        return f"it names {', '.join(present.names) or 'nobody'}"
    if present.days_left < wanted.renew_before_days:
        return f"it ends on {present.expires}"
    return None


def describe(certificate: Optional[Certificate]) -> str:
    """One certificate for a diff."""
    if certificate is None:
        return ""
    signed = "self-signed" if certificate.self_signed else "signed by an authority"
    return f"names: {', '.join(certificate.names)}\nvalid to: {certificate.expires}\n{signed}\n"


def describe_signed(wanted: Wanted) -> str:
    """The self-signed certificate to be, for a diff."""
    return f"names: {', '.join(wanted.names)}\nvalid to: {wanted.days} days from the run\nself-signed\n"
