# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nouns of a synchronisation: an account of the source, what is remembered of it, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ..model import Changes, State

CREATED, UPDATED, RENAMED, MOVED = "created", "updated", "renamed", "moved"
DISABLED, DELETED, CONFLICT, SKIPPED = "disabled", "deleted", "conflict", "skipped"
DECISIONS = (CREATED, UPDATED, RENAMED, MOVED, DISABLED, DELETED, CONFLICT, SKIPPED)

# Who wins where both sides changed.
SOURCE, DESTINATION, NEWEST, REPORT = "source", "destination", "newest", "report"
CONFLICTS = (SOURCE, DESTINATION, NEWEST, REPORT)
# What happens to an account that the source has no more.
DISABLE, DELETE, KEEP = "disable", "delete", "keep"
VANISHED = (DISABLE, DELETE, KEEP)

# Facts of a mailbox that a source may give; ``alias`` are further addresses that lead to it alone.
FACTS = ("password", "name", "quota", "enabled", "receive", "send", "login", "forward", "keep_copy", "send_as", "alias")
COMPARED = tuple(fact for fact in FACTS if fact != "alias")

DAY = 86400


class Account(NamedTuple):
    """Somebody in the source.

    ``identity`` stays when the address or the place changes. ``facts`` hold what the source gives, by name as in
    ``FACTS``; what it does not give is left alone. ``changed`` is when it was changed last, in seconds of the epoch.
    ``fault`` says why the account cannot be used.
    """

    identity: str
    address: str
    place: str
    facts: Mapping[str, Any]
    changed: Optional[int] = None
    fault: str = ""


class Known(NamedTuple):
    """What is remembered of an account: where it is, and the facts as both sides had them last.

    ``missing_since`` is when the source was found without it; ``former`` are old addresses that still lead to it;
    ``switched_off`` tells that it was disabled for being missing.
    """

    address: str
    place: str
    facts: Mapping[str, Any]
    missing_since: Optional[int] = None
    former: tuple[str, ...] = ()
    switched_off: bool = False


Memory = Mapping[str, Known]


class Present(NamedTuple):
    """What there is besides the source: the destination, the memory, when mailboxes of the destination were changed
    last (for ``newest``), and the time, both in seconds of the epoch."""

    state: State
    memory: Memory
    changed: Mapping[str, int]
    now: int


class Rules(NamedTuple):
    """How to decide. ``grace`` is in seconds."""

    conflict: str = SOURCE
    vanished: str = DELETE
    grace: int = 30 * DAY
    max_deletions: int = 10
    create_domains: bool = False
    adopt: bool = True
    keep_old_address: bool = True


class Note(NamedTuple):
    """One decision and its reason, for people."""

    decision: str
    address: str
    identity: str
    reason: str


class Outcome(NamedTuple):
    """What a run does: the changes of the destination, the memory after them, and why."""

    changes: Changes
    memory: Memory
    notes: Sequence[Note]
