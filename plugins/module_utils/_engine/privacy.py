# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses of people in a report: shown, hashed so that equal ones stay equal, or dropped.

The domain stays in each case: what is asked of a report is mostly by domain, and it is not one person's.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SHOWN, HASHED, DROPPED = "shown", "hashed", "dropped"
DROPPED_NAME = "(dropped)"
DIGITS = 16
# An address inside a sentence: a quoted local part or one without special characters, and what can be a domain.
ADDRESS = re.compile(
    r'(?P<local>"(?:[^"\\]|\\.)*"|[^\s<>()\[\]{},;:"=@\\]+)@(?P<domain>\[[^\]\s]*\]|[^\s<>()\[\]{},;:"\'=@\\]+)'
)


@dataclass(frozen=True)
class Privacy:
    """How to show addresses. With the same ``salt`` the same address has the same token, in whatever result."""

    mode: str = SHOWN
    salt: bytes = b""

    def address(self, address: str) -> str:
        """An address, or the name of a user, as it may be shown. The null sender, empty, stays empty."""
        if self.mode == SHOWN or not address:
            return address
        local, at, domain = address.rpartition("@")
        if not at:
            local, domain = domain, ""
        return self._name(local, domain) + at + domain.lower()

    def text(self, text: str) -> str:
        """A sentence with every address in it as it may be shown."""
        if self.mode == SHOWN or "@" not in text:
            return text
        return ADDRESS.sub(lambda found: self.address(found[0]), text)

    def _name(self, local: str, domain: str) -> str:
        if self.mode == DROPPED:
            return DROPPED_NAME
        # In practice no server tells letters of the local part apart by their case.
        name = f"{local}@{domain}".lower().encode("utf-8", "surrogateescape")
        return hmac.new(self.salt, name, hashlib.sha256).hexdigest()[:DIGITS]


def privacy_of(params: Mapping[str, Any]) -> Privacy:
    """What the options of the shared argument spec ``privacy`` ask for. Without a salt, one for this result alone."""
    salt = params.get("addresses_salt")
    return Privacy(params["addresses"], os.urandom(DIGITS) if salt is None else salt.encode("utf-8", "surrogateescape"))
