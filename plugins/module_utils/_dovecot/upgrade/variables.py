# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of 2.3 (``%u``, ``%Ln``, ``%256Nu``, ``%{auth_user}``) to those of 2.4 (``%{user | username | lower}``).

What the hashes and substrings of both come to was compared with ``doveadm user`` of 2.3.19 and 2.4.1.
"""

from __future__ import annotations

import re
from typing import Optional

# What the variables are for: the same letter means different things to different settings.
MAIL, AUTH, LOGIN, LOGIN_LINE, DELIVERY, REJECTION, IMAP, POP3, UIDL, SIEVE, SHARED = range(11)

_USER = {"u": "user", "n": "user | username", "d": "user | domain", "h": "home", "s": "protocol"}
_USER.update({"l": "local_ip", "r": "remote_ip"})
_LOGIN = {
    **_USER,
    **{"a": "local_port", "b": "remote_port", "c": "secured", "m": "mechanism", "p": "process:pid", "e": "mail_pid"},
    "k": "ssl_security",
}
SHORT = {
    MAIL: {**_USER, "p": "process:pid", "i": "uid", "g": "gid"},
    AUTH: {
        **_USER,
        **{"p": "client_pid", "w": "password", "m": "mechanism", "c": "secured", "a": "local_port", "b": "remote_port"},
        "k": "certificate",
    },
    LOGIN: _LOGIN,
    LOGIN_LINE: {"$": "message", "s": "elements"},
    DELIVERY: {
        **{"$": "message", "m": "msgid", "s": "subject", "f": "from", "p": "size", "w": "vsize", "e": "from_envelope"},
        **{"u": "user"},
    },
    REJECTION: {"n": r"literal('\r\n')", "r": "reason", "s": "subject", "t": "to"},
    IMAP: {"i": "input", "o": "output"},
    POP3: {
        **{"i": "input", "o": "output", "t": "top_count", "p": "top_bytes", "r": "retr_count", "b": "retr_bytes"},
        **{"d": "deleted_count", "m": "message_count", "s": "message_bytes", "u": "uidl_change"},
    },
    UIDL: {"v": "uidvalidity", "u": "uid", "m": "md5", "f": "filename", "g": "guid"},
    SIEVE: {"i": "input", "o": "output"},
    SHARED: {"u": "owner_user", "n": "owner_user | username", "d": "owner_user | domain", "h": "owner_home"},
}
LONG = {
    "auth_domain": "auth_user | domain",
    "auth_username": "auth_user | username",
    "cert": "certificate",
    "domain": "user | domain",
    "hostname": "system:hostname",
    "lip": "local_ip",
    "login_domain": "login_user | domain",
    "login_username": "login_user | username",
    "lport": "local_port",
    "mech": "mechanism",
    "orig_domain": "original_user | domain",
    "orig_user": "original_user",
    "orig_username": "original_user | username",
    "pid": "process:pid",
    "real_lip": "real_local_ip",
    "real_lport": "real_local_port",
    "real_rip": "real_remote_ip",
    "real_rport": "real_remote_port",
    "rip": "remote_ip",
    "rport": "remote_port",
    "service": "protocol",
    "username": "user | username",
}
# Long names that are the same in both.
_SAME = """
    auth_user client_id client_pid deleted_bytes deleted_count delivery_time elements expunged deleted fail_type
    appended autoexpunged bye_reason home fetch_body_bytes fetch_body_count fetch_hdr_bytes fetch_hdr_count from
    from_envelope gid hashed_password id_name id_version input listener local_name local_port login_user mail_pid
    mechanism message message_bytes message_count msgid original_user output owner_user password passwd policy
    protocol remote_ip remote_port local_ip requested_username retr_bytes retr_count secured session session_time
    session_pid size ssl_security storage_id subject successful to_envelope top_bytes top_count trashed uid
    uidl_change user vsize master_user original_username error reason login host
"""
SAME = frozenset(_SAME.split())
FETCHED = re.compile(r"(?:env|ldap|passdb|userdb):[\w.-]+|(?:env|ldap):[\w;.-]+")
VARIABLE = re.compile(
    r"%(?P<limits>-?\d*(?:\.\d+)?)(?P<modifiers>[A-Z]*)(?:\{(?P<long>[^{}]*)\}|(?P<short>[a-z$!]))|%(?P<percent>%)|%"
)
# Without R: the filter reverse ends the auth process of 2.4.1, out of memory.
FILTERS = {"L": "lower", "U": "upper", "M": "md5 | hexlify", "D": "ldap_dn", "E": ""}
HASHED = re.compile(r"(?P<hash>md5|sha1|sha256|sha512):(?P<of>\w+)")


def converted(text: str, kind: int = MAIL) -> tuple[str, list[str]]:
    """``text`` for 2.4, and the variables in it that 2.4 has nothing for."""
    unknown: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        if match["percent"]:
            # A lone % means nothing to 2.4, but for one before a {.
            return "%%" if text[match.end() : match.end() + 1] == "{" else "%"
        new = _variable(match, kind) if match["short"] or match["long"] else None
        if new is None:
            unknown.append(match[0])
        return new or match[0]

    return VARIABLE.sub(replaced, text), unknown


def literal(text: str) -> str:
    """``text`` that 2.3 takes as it stands: nothing else means anything to 2.4."""
    return text.replace("%{", "%%{")


def shared(text: str) -> tuple[str, list[str]]:
    """The location of a shared namespace: ``%%u`` is the owner of the mail, ``%u`` who looks at it."""
    unknown: list[str] = []
    parts = re.split(r"(%%[A-Z\d.]*(?:[a-z]|\{[^{}]*\}))", text)
    for number, part in enumerate(parts):
        parts[number], wrong = converted(part[1:], SHARED) if part.startswith("%%") else converted(part)
        unknown += wrong
    return "".join(parts), unknown


def _variable(match: re.Match[str], kind: int) -> Optional[str]:
    name = _name(match["long"], kind) if match["long"] else SHORT[kind].get(match["short"])
    if name is None:
        return None
    modifiers, limits = match["modifiers"], match["limits"]
    if modifiers[-1:] == "N":
        steps = [name, *(FILTERS.get(letter) for letter in modifiers[:-1]), _hash(limits)]
    elif modifiers[-1:] == "X":
        steps = [name, *(FILTERS.get(letter) for letter in modifiers[:-1]), _digits(limits)]
    else:
        steps = [name, *(FILTERS.get(letter) for letter in modifiers), _part(limits, name, "M" in modifiers)]
    if None in steps:
        return None
    return f"%{{{' | '.join(step for step in steps if step)}}}"


def _name(long: str, kind: int) -> Optional[str]:
    hashed = HASHED.fullmatch(long)
    if hashed:
        of = _name(hashed["of"], kind)
        return f"{of} | {hashed['hash']} | hexlify" if of else None
    if long in SAME or FETCHED.fullmatch(long):
        return long
    if long == "pid" and kind == AUTH:
        return "client_pid"
    return LONG.get(long)


def _hash(limits: str) -> Optional[str]:
    """``%2.256Nu``: a number below 256 made of the MD5 of it, as two hexadecimal digits."""
    width, _dot, limit = limits.rpartition(".")
    if not limit.isdigit() or not int(limit):
        return None
    digits = f"hex({int(width)})" if width.isdigit() and int(width) else "hex"
    return f"md5 | substr(0, 8) % {int(limit)} | {digits}"


def _digits(limits: str) -> Optional[str]:
    """``%08Xu``: so many hexadecimal digits of a number."""
    return None if "." in limits else f"hex({int(limits)})" if limits else "hex"


def _part(limits: str, name: str, hashed: bool) -> Optional[str]:
    """``%1u``, ``%1.1u``: a part of it, from an offset on. Of what is too short 2.4 only takes one by an expression."""
    if not limits:
        return ""
    offset, dot, width = limits.partition(".")
    if not dot:
        offset, width = "0", offset
    start, length = int(offset or 0), int(width)
    if not length:
        return None
    if hashed or ((start, length) == (0, 1) and name in ("user", "user | username")):
        return f"substr({start}, {length})"
    if start < 0:
        return None
    before = f".{{0,{start}}}" if start else ""
    return rf"regexp('^{before}(.{{0,{length}}}).*', '\\1')"
