# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of accounts as values of attributes, and back. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Callable, Optional

from .._engine.errors import Problem
from .ldap_layout import Layout
from .mailboxes import PENDING
from .model import MEBIBYTE, Alias, Domain, Mailbox
from .passwords import LOCKED, PREFIXED, bare_hash

# What Dovecot calls a hash, and what a directory does; those of crypt(3) have one name there.
SCHEMES: Mapping[str, str] = {
    **{name: name for name in ("SSHA", "SSHA256", "SSHA512", "SMD5", "SHA", "SHA256", "SHA512")},
    "LDAP-MD5": "MD5",
}
ARGON2 = re.compile(r"\$(argon2id?)\$")
# The bit of ``userAccountControl`` that switches an account off.
ACCOUNT_OFF = 2

MODIFIED = "modifyTimestamp"
TIME = re.compile(rb"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:[.,]\d+)?Z")

Facts = dict[str, list[bytes]]
Get = Callable[[str], Sequence[bytes]]


def text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def octets(value: Any) -> bytes:
    return str(value).encode("utf-8", "surrogateescape")


def folded(values: Iterable[bytes]) -> tuple[str, ...]:
    """Addresses in the form of the model, each once."""
    return tuple(dict.fromkeys(text(value).strip().lower() for value in values))


# --- passwords -------------------------------------------------------------------------------------------------------


def password_value(stored: str) -> Optional[bytes]:
    """A hash as a directory server verifies it; nothing for a scheme that it does not know."""
    bare = bare_hash(stored)
    if bare is not None:
        return octets(f"{{CRYPT}}{bare}")
    if stored == LOCKED:
        return octets(stored)
    found = PREFIXED.fullmatch(stored)
    if found is None or f"{{{found[1]}}}{found[2]}" != stored:
        return None
    scheme = found[1].upper()
    if scheme in SCHEMES:
        return octets(f"{{{SCHEMES[scheme]}}}{found[2]}")
    return octets(f"{{ARGON2}}{found[2]}") if ARGON2.match(found[2]) else None


def password_text(values: Sequence[bytes]) -> str:
    """A stored value in Dovecot's words; empty without one, or for one that may not be read."""
    if not values:
        return ""
    stored = text(values[0])
    found = PREFIXED.fullmatch(stored)
    if found is None:
        return stored
    scheme, value = found[1].upper(), found[2]
    argon2 = ARGON2.match(value)
    if scheme == "ARGON2" and argon2:
        return f"{{{argon2[1].upper()}}}{value}"
    return f"{{LDAP-MD5}}{value}" if scheme == "MD5" else stored


# --- mailboxes -------------------------------------------------------------------------------------------------------


def read_mailbox(layout: Layout, get: Get) -> Mailbox:
    """``get`` gives the values of a fact."""
    address = text(get("address")[0]).lower()
    local, _at, domain = address.rpartition("@")
    enabled = _flag(get("enabled")) and not _control(get) & ACCOUNT_OFF
    return Mailbox(
        address,
        password_text(get("password")),
        text(get("name")[0]) if get("name") else "",
        f"{domain}/{local}/",
        _number(get("quota")) * layout.unit,
        enabled,
        folded(get("forward")) or (address,),
        enabled,
        _flag(get("receive")),
        _flag(get("send")),
        _flag(get("login")),
        tuple(sorted(folded(get("sender")))),
        text(get("host")[0]).lower() if get("host") else "",
    )


def mailbox_facts(layout: Layout, box: Mailbox, get: Get) -> Facts:
    """What the attributes of a mailbox shall hold. ``get`` gives their values now."""
    facts: Facts = {
        "password": [password_value(box.password) or octets(LOCKED)] if box.password else [],
        "name": [octets(box.name)] if box.name else [],
        "quota": _numbers(box.quota // layout.unit),
        "forward": [] if box.route in ((), (box.address,)) else list(map(octets, box.route)),
        "receive": _flags(box.receive),
        "send": _flags(box.send),
        "login": _flags(box.login),
        "sender": list(map(octets, box.send_as)),
        "host": [octets(box.host)] if box.host else [],
    }
    if not layout.attributes["account_control"]:
        facts["enabled"] = _flags(box.enabled)
    elif get("account_control"):
        control = _control(get)
        facts["account_control"] = [octets(control & ~ACCOUNT_OFF if box.enabled else control | ACCOUNT_OFF)]
    return facts


def mailbox_problems(layout: Layout, before: Optional[Mailbox], after: Mailbox, where: str) -> list[Problem]:
    """Values that have no form in this directory. That of a password is never shown."""
    problems = []
    if after.quota % layout.unit and (before is None or before.quota != after.quota):
        message = f"is no multiple of {layout.unit} bytes, which {layout.attributes['quota']} counts in"
        problems.append(Problem(f"{where}quota", message, "give one", after.quota))
    changed = before is None or before.password != after.password
    if changed and after.password not in ("", PENDING) and password_value(after.password) is None:
        cure = "give it in clear, or a hash of crypt(3), SSHA or ARGON2"
        problems.append(Problem(f"{where}password_hash", "is of a scheme that directory servers do not verify", cure))
    return problems


# --- domains and aliases ---------------------------------------------------------------------------------------------


def read_domain(get: Get, name: str, catch_all: Optional[Alias]) -> Domain:
    return Domain(
        name,
        text(get("domain_description")[0]) if get("domain_description") else "",
        _number(get("domain_max_mailboxes")),
        _number(get("domain_max_aliases")),
        _number(get("domain_quota")) // MEBIBYTE,
        _number(get("domain_mailbox_quota")) // MEBIBYTE,
        _flag(get("domain_enabled")),
        "",
        catch_all.destinations if catch_all is not None and catch_all.enabled else (),
    )


def domain_facts(domain: Domain) -> Facts:
    return {
        "domain_description": [octets(domain.description)] if domain.description else [],
        "domain_max_mailboxes": _numbers(domain.max_mailboxes),
        "domain_max_aliases": _numbers(domain.max_aliases),
        "domain_quota": _numbers(domain.quota * MEBIBYTE),
        "domain_mailbox_quota": _numbers(domain.mailbox_quota * MEBIBYTE),
        "domain_enabled": _flags(domain.enabled),
    }


def read_alias_address(layout: Layout, value: bytes) -> Optional[str]:
    """The address in a value such as ``smtp:info@example.org``; nothing when the value is something else."""
    before, _here, after = layout.alias_format.partition("%s")
    stored = text(value)
    end = len(stored) - len(after)
    if not stored.lower().startswith(before.lower()) or not stored.lower().endswith(after.lower()):
        return None
    return stored[len(before) : end].lower()


def modified(attributes: Mapping[str, Sequence[bytes]]) -> Optional[int]:
    """When an entry was changed last, in seconds of the epoch; nothing where its server does not say."""
    found = TIME.fullmatch(next(iter(attributes.get(MODIFIED, ())), b""))
    return None if found is None else calendar.timegm(tuple(int(part) for part in found.groups()))


def alias_value(layout: Layout, address: str) -> bytes:
    return octets(layout.alias_format.replace("%s", address))


def _flag(values: Sequence[bytes]) -> bool:
    return not values or values[0].upper() != b"FALSE"


def _flags(value: bool) -> list[bytes]:
    """Absent means yes."""
    return [] if value else [b"FALSE"]


def _number(values: Sequence[bytes]) -> int:
    return int(values[0]) if values and values[0].lstrip(b"-").isdigit() else 0


def _numbers(value: int) -> list[bytes]:
    return [octets(value)] if value else []


def _control(get: Get) -> int:
    return _number(get("account_control"))
