# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a directory server can answer, by number, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._engine.errors import Error
from .messages import Result

SUCCESS, COMPARE_FALSE, COMPARE_TRUE = 0, 5, 6
SIZE_LIMIT, ADMIN_LIMIT, NO_SUCH_OBJECT, INVALID_CREDENTIALS, BUSY, UNAVAILABLE = 4, 11, 32, 49, 51, 52

# RFC 4511, appendix A, in words for people; LDAP libraries print the same ones.
NAMES: Mapping[int, str] = {
    1: "operations error",
    2: "protocol error",
    3: "time limit exceeded",
    4: "size limit exceeded",
    7: "authentication method not supported",
    8: "stronger authentication required",
    10: "referral",
    11: "administrative limit exceeded",
    12: "critical extension unavailable",
    13: "confidentiality required",
    14: "SASL bind in progress",
    16: "no such attribute",
    17: "undefined attribute type",
    18: "inappropriate matching",
    19: "constraint violation",
    20: "attribute or value exists",
    21: "invalid syntax",
    32: "no such object",
    33: "alias problem",
    34: "invalid DN syntax",
    36: "alias dereferencing problem",
    48: "inappropriate authentication",
    49: "invalid credentials",
    50: "insufficient access rights",
    51: "busy",
    52: "unavailable",
    53: "unwilling to perform",
    54: "loop detected",
    64: "naming violation",
    65: "object class violation",
    66: "not allowed on an entry with children",
    67: "not allowed on the relative name",
    68: "entry already exists",
    69: "object class modifications prohibited",
    71: "affects several servers",
    80: "other error",
}

CURES: Mapping[int, str] = {
    3: "narrow the search, or raise olcTimeLimit of the server",
    4: "narrow the search, bind as somebody with a higher limit, or raise olcLimits of the server",
    8: "use ldaps:// or start_tls",
    11: "narrow the search, bind as somebody with a higher limit, or raise olcLimits of the server",
    13: "use ldaps:// or start_tls",
    17: "load the schema that defines the attribute",
    32: "create what is missing first, or correct the name",
    34: "correct the name",
    48: "the entry of bind_dn has no password; name another one",
    49: "check bind_dn and bind_password",
    50: "bind as somebody who may do this, or change olcAccess of the server",
    51: "try again later, or name another server",
    52: "try again later, or name another server",
    66: "delete what is below it first, or set recursive",
}


class DirectoryError(Error):
    """An operation that a server refused: ``code`` is that of RFC 4511."""

    def __init__(self, where: str, doing: str, result: Result) -> None:
        super().__init__(f"{where}: {doing}: {reason(result)}", result_code=result.code)
        self.code = result.code


class UnreachableError(Error):
    """No server answered."""


class NoServerYetError(UnreachableError):
    """Nothing listens on this very host: its directory server may be installed by an earlier task of the same run."""


class ConnectionLostError(Error):
    """A server that went away in the middle."""


def reason(result: Result) -> str:
    """Why an operation failed, in the server's words and with the cure where one is known."""
    words = f"{NAMES.get(result.code, 'unknown error')} ({result.code})"
    if result.diagnostic:
        words += f", {result.diagnostic}"
    if result.matched:
        words += f", the nearest entry is {result.matched}"
    if result.referrals:
        words += f"; ask {' or '.join(result.referrals)} instead: name it as server_uri"
    return f"{words}; {CURES[result.code]}" if result.code in CURES else words


def as_dict(dn: str, result: Result) -> dict[str, Any]:
    """A failed write as a return value."""
    return {"dn": dn, "code": result.code, "reason": reason(result)}
