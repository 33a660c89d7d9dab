# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to change in a store so that it holds the declared aliases. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Optional

from .._engine.errors import Problem
from .decision import NO_PURGE, Decision, Purge, missing_domain
from .model import Alias, Change, Changes, State, domain_of
from .wanted import WantedAlias


def reconcile_aliases(wanted: Sequence[WantedAlias], state: State, purge: Purge = NO_PURGE) -> Decision:
    """A purge leaves catch-alls alone: they belong to their domains."""
    problems: list[Problem] = []
    unmet: list[Problem] = []
    changes = []
    for alias in wanted:
        before = state.aliases.get(alias.address)
        if alias.address in state.mailboxes:
            cure = "use the options forward_to and keep_copy of the module mailbox"
            problems.append(Problem(f"{alias.where}address", "is a mailbox", cure, alias.address))
        if not alias.present:
            if before is not None:
                changes.append(Change(alias.address, before, None))
            continue
        if before is None:
            unmet += missing_domain(alias, state)
            if alias.destinations is None:
                cure = "name where its mail goes"
                problems.append(Problem(f"{alias.where}destinations", "is missing for a new alias", cure))
        after = _alias_after(alias, before)
        if after != before:
            changes.append(Change(alias.address, before, after))
    names = [address for address in state.aliases if not address.startswith("@")]
    gone = purge.undeclared(names, {alias.address for alias in wanted})
    changes += [Change(address, state.aliases[address], None) for address in gone]
    problems += _alias_limits(changes, state, {alias.address: alias.where for alias in wanted})
    return Decision(Changes(aliases=changes), problems, unmet)


def _alias_after(alias: WantedAlias, before: Optional[Alias]) -> Alias:
    present = before or Alias(alias.address, (), True)
    destinations = present.destinations
    if alias.destinations is not None and set(alias.destinations) != set(destinations):
        destinations = alias.destinations
    return Alias(alias.address, destinations, present.enabled if alias.enabled is None else alias.enabled)


def _alias_limits(changes: Sequence[Change], state: State, where: Mapping[str, str]) -> list[Problem]:
    created = {domain_of(change.key): change.key for change in changes if change.before is None}
    after = {**state.aliases, **{change.key: change.after for change in changes}}
    count = Counter(domain_of(key) for key, alias in after.items() if alias is not None and not key.startswith("@"))
    problems = []
    for name, address in created.items():
        domain = state.domains.get(name)
        if domain is not None and domain.max_aliases and count[name] > max(domain.max_aliases, 0):
            message = f"leads to {count[name]} aliases in {name}, which may have {max(domain.max_aliases, 0)}"
            problems.append(Problem(f"{where[address]}address", message, "raise max_aliases of the domain", address))
    return problems
