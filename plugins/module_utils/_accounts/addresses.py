# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses and domains are fit to be accounts, and the one form in which they are stored.

Lengths and characters are those of RFC 5321, sections 4.1.2 and 4.5.3.1, and RFC 1035; fewer where a local part
becomes the name of a folder. Domains are stored in lower case and in their ASCII form, as they travel in SMTP.
"""

from __future__ import annotations

import re
from functools import cache

MAX_LOCAL, MAX_DOMAIN, MAX_ADDRESS, MAX_LABEL = 64, 255, 254, 63
DELIMITER = "+"

LOCAL = re.compile(r"(?!-)[a-z0-9!#$%&*+=?^_{|}~-]+(\.[a-z0-9!#$%&*+=?^_{|}~-]+)*")
LOCAL_CHARACTER = re.compile(r"[a-z0-9!#$%&*+=?^_{|}~.-]")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


class AddressError(ValueError):
    """Why an address or a domain cannot be used, and the cure."""

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


def mailbox_address(text: str) -> str:
    """The stored form of a mailbox's address; raises :class:`AddressError`."""
    address = alias_address(text)
    if DELIMITER in address:
        raise AddressError(
            f"has a {DELIMITER} before the @, where mail servers cut the address (recipient_delimiter)",
            f"leave out {DELIMITER} and what follows: mail to name{DELIMITER}anything reaches the mailbox of name",
        )
    return address


def alias_address(text: str) -> str:
    """The stored form of an address in one of our domains; raises :class:`AddressError`."""
    local, domain = _split(text)
    return _joined(_local_part(local), domain_name(domain))


def catch_all_or_alias(text: str) -> str:
    """As :func:`alias_address`; also takes ``@domain``."""
    return f"@{domain_name(text[1:])}" if text.startswith("@") else alias_address(text)


def destination(text: str) -> str:
    """The stored form of an address that mail is sent on to, ours or not: its host may be a bare name."""
    local, domain = _split(text)
    return _joined(_local_part(local), _any_host(domain))


@cache
def domain_name(text: str) -> str:
    """The stored form of a domain with at least two labels; raises :class:`AddressError`."""
    name = _any_host(text)
    if "." not in name:
        raise AddressError("is a bare name, not a domain", "write the whole domain, such as example.org")
    return name


def _split(text: str) -> tuple[str, str]:
    local, _at, domain = text.partition("@")
    if not local or not domain or "@" in domain:
        raise AddressError("is not an address", "write name@domain")
    return local, domain


def _joined(local: str, domain: str) -> str:
    if len(local) + 1 + len(domain) > MAX_ADDRESS:
        raise AddressError(f"is longer than {MAX_ADDRESS} characters", "choose a shorter address")
    return f"{local}@{domain}"


def _local_part(text: str) -> str:
    local = text.lower()
    if len(local) <= MAX_LOCAL and LOCAL.fullmatch(local):
        return local
    if len(local) > MAX_LOCAL:
        raise AddressError(f"has more than {MAX_LOCAL} characters before the @", "choose a shorter name")
    if local.startswith("-"):
        # postconf(5): allow_min_user is off, and such a name looks like an option to every command.
        raise AddressError("begins with a hyphen, which Postfix refuses", "choose another first character")
    strange = sorted({character for character in local if not LOCAL_CHARACTER.match(character)})
    if strange:
        shown = " ".join(repr(character) for character in strange)
        raise AddressError(
            f"has {shown} before the @, which cannot be stored safely", "use letters, digits, dot, hyphen, underscore"
        )
    raise AddressError("has a dot at the beginning, at the end or twice in a row before the @", "remove the dot")


def _any_host(text: str) -> str:
    if text.startswith("[") or re.fullmatch(r"[0-9.]+", text):
        raise AddressError("names an IP address", "write a domain name")
    name = _ascii(text.lower())
    if len(name) > MAX_DOMAIN:
        raise AddressError(f"has a domain of more than {MAX_DOMAIN} characters", "choose a shorter domain")
    for label in name.split("."):
        if len(label) > MAX_LABEL:
            raise AddressError(f"has a domain label of more than {MAX_LABEL} characters", "shorten the label")
        if not LABEL.fullmatch(label):
            raise AddressError(
                f"has {label!r} as a label of its domain",
                "labels consist of letters, digits and inner hyphens, joined by single dots",
            )
    if name.rpartition(".")[2].isdigit():
        raise AddressError("has a top-level domain of digits alone", "write a domain name")
    return name


def _ascii(text: str) -> str:
    if text.isascii():
        return text
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise AddressError("has a domain with no ASCII form (IDNA)", "write the domain in its xn-- form") from error
