# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to change in a store so that it holds the declared mailboxes. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Optional

from .._engine.errors import Problem
from .decision import NO_PURGE, Decision, Purge, missing_domain
from .model import MEBIBYTE, Change, Changes, Mailbox, State, domain_of
from .passwords import same_hash
from .wanted import WantedMailbox

# Stands for the hash of a clear password until the change is applied: hashing is costly, and check mode needs none.
PENDING = "(to be hashed)"


def reconcile_mailboxes(
    wanted: Sequence[WantedMailbox], state: State, purge: Purge = NO_PURGE, unchanged: Collection[str] = ()
) -> Decision:
    """``unchanged`` are the addresses whose clear password is the present one."""
    problems: list[Problem] = []
    unmet: list[Problem] = []
    changes = []
    for box in wanted:
        before = state.mailboxes.get(box.address)
        if not box.present:
            if before is not None:
                changes.append(Change(box.address, before, None))
            continue
        if before is None:
            problems += _creation_problems(box, state)
            unmet += missing_domain(box, state)
        present = before or _new_mailbox(box.address, state)
        password = _password(box, before, box.address in unchanged)
        after = _mailbox_after(box, present, password, _route(box, present, problems))
        if after != before:
            changes.append(Change(box.address, before, after))
    gone = purge.undeclared(state.mailboxes, {box.address for box in wanted} if purge.wanted else ())
    changes += [Change(address, state.mailboxes[address], None) for address in gone]
    problems += _mailbox_limits(changes, state, wanted)
    return Decision(Changes(mailboxes=changes), problems, unmet)


def _creation_problems(box: WantedMailbox, state: State) -> list[Problem]:
    problems = []
    if box.address in state.aliases:
        problems.append(
            Problem(f"{box.where}address", "is an alias already", "delete it with mail_alias first", box.address)
        )
    given = (box.password, box.password_hash, box.password_file)
    if given == (None, None, None) and box.address not in state.people:
        cure = "give one as password, password_hash or password_file"
        problems.append(Problem(f"{box.where}address", "is a new mailbox without a password", cure, box.address))
    return problems


def _password(box: WantedMailbox, before: Optional[Mailbox], unchanged: bool) -> str:
    """The hash to store, or that one is to be made."""
    if before is not None and (box.on_create or unchanged):
        return before.password
    if box.password_hash is not None:
        if before is not None and same_hash(before.password, box.password_hash):
            return before.password
        return box.password_hash
    if box.password is not None or box.password_file is not None:
        return PENDING
    return before.password if before is not None else ""


def _mailbox_after(box: WantedMailbox, present: Mailbox, password: str, route: tuple[str, ...]) -> Mailbox:
    enabled = present.enabled if box.enabled is None else box.enabled
    return Mailbox(
        box.address,
        password,
        present.name if box.name is None else box.name,
        present.maildir,
        present.quota if box.quota is None else box.quota,
        enabled,
        route,
        enabled,
        present.receive if box.receive is None else box.receive,
        present.send if box.send is None else box.send,
        present.login if box.login is None else box.login,
        present.send_as if box.send_as is None else tuple(sorted(box.send_as)),
        present.host if box.host is None else box.host,
    )


def _new_mailbox(address: str, state: State) -> Mailbox:
    local, _at, name = address.rpartition("@")
    domain = state.domains.get(name)
    quota = max(domain.mailbox_quota, 0) * MEBIBYTE if domain else 0
    return Mailbox(address, "", "", f"{name}/{local}/", quota, True, (address,), True, True, True, True, ())


def _route(box: WantedMailbox, present: Mailbox, problems: list[Problem]) -> tuple[str, ...]:
    if box.forward_to is None and box.keep_copy is None:
        return present.route or (box.address,)
    keep = present.keep_copy or not present.route if box.keep_copy is None else box.keep_copy
    forwards = present.forward_to if box.forward_to is None else box.forward_to
    # PostfixAdmin switches its vacation replies on by such a destination.
    vacation = f"{box.address.replace('@', '#')}@"
    kept = [address for address in present.route if address.startswith(vacation) and address not in forwards]
    route = (*((box.address,) if keep else ()), *forwards, *kept)
    if not keep and not forwards:
        problems.append(
            Problem(f"{box.where}keep_copy", "is false and mail is forwarded nowhere", "name addresses in forward_to")
        )
    return present.route if set(route) == set(present.route) else route


def _mailbox_limits(changes: Sequence[Change], state: State, wanted: Sequence[WantedMailbox]) -> list[Problem]:
    """Where the changes lead over a limit of a domain; being over one already is no problem."""
    if not any(domain.max_mailboxes or domain.quota > 0 for domain in state.domains.values()):
        return []
    where = {box.address: box.where for box in wanted}
    after = {**state.mailboxes, **{change.key: change.after for change in changes}}
    count = Counter(domain_of(key) for key, box in after.items() if box is not None)
    size: Counter[str] = Counter()
    for key, box in after.items():
        size[domain_of(key)] += box.quota if box is not None else 0
    created = {domain_of(change.key): change for change in changes if change.before is None}
    grown = {
        domain_of(change.key): change
        for change in changes
        if change.after is not None and change.after.quota > (change.before.quota if change.before else 0)
    }
    problems = []
    for name, domain in state.domains.items():
        limit = max(domain.max_mailboxes, 0)
        if name in created and domain.max_mailboxes and count[name] > limit:
            message = f"leads to {count[name]} mailboxes in {name}, which may have {limit}"
            option = f"{where[created[name].key]}address"
            problems.append(Problem(option, message, "raise max_mailboxes of the domain", created[name].key))
        if name in grown and 0 < domain.quota * MEBIBYTE < size[name]:
            message = f"leads to {size[name] // MEBIBYTE} MiB of quota in {name}, which may have {domain.quota} MiB"
            option = f"{where[grown[name].key]}quota"
            problems.append(Problem(option, message, "raise quota of the domain", grown[name].key))
    return problems
