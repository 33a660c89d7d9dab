# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts of a mailbox by name, as they are compared, set and remembered. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from ..model import Mailbox
from ..passwords import bare_hash, same_hash
from .model import COMPARED


def new_mailbox(address: str) -> Mailbox:
    local, _at, domain = address.rpartition("@")
    return Mailbox(address, "", "", f"{domain}/{local}/", 0, True, (address,), True, True, True, True, ())


def facts_of(box: Mailbox) -> dict[str, Any]:
    return {
        **{name: getattr(box, name) for name in ("password", "name", "quota", "enabled", "receive", "send", "login")},
        "forward": tuple(sorted(box.forward_to)),
        "keep_copy": box.keep_copy or not box.route,
        "send_as": tuple(sorted(box.send_as)),
    }


def with_facts(box: Mailbox, facts: Mapping[str, Any]) -> Mailbox:
    plain = {name: value for name, value in facts.items() if name not in ("forward", "keep_copy", "alias", "send_as")}
    box = box._replace(**plain)
    if "send_as" in facts:
        box = box._replace(send_as=tuple(sorted(facts["send_as"])))
    if "forward" in facts or "keep_copy" in facts:
        now = facts_of(box)
        forward = tuple(facts.get("forward", now["forward"]))
        keep = facts.get("keep_copy", now["keep_copy"]) or not forward
        box = box._replace(route=(*((box.address,) if keep else ()), *forward))
    return box._replace(routed=box.enabled)


def moved(box: Mailbox, address: str) -> Mailbox:
    """The same mailbox, with its mail where it is, under another address."""
    return box._replace(address=address, route=tuple(address if one == box.address else one for one in box.route))


def same(fact: str, one: Any, other: Any) -> bool:
    if fact == "password":
        return same_hash(one, other)
    return bool(one == other)


def remembered(fact: str, value: Any) -> Any:
    """A fact as it is kept for the next run: of a hash enough to know it again."""
    return hashlib.sha256((bare_hash(value) or value).encode()).hexdigest() if fact == "password" else value


def differences(before: Mailbox, after: Mailbox) -> list[str]:
    old, new = facts_of(before), facts_of(after)
    return [fact for fact in COMPARED if old[fact] != new[fact]] or ["alias_row"]
