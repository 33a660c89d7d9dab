# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to change in a store so that it holds the declared domains. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Optional

from .._engine.errors import Problem
from .decision import NO_PURGE, Decision, Purge
from .model import Change, Changes, Domain, State, domain_of
from .wanted import WantedDomain


def reconcile_domains(
    wanted: Sequence[WantedDomain], state: State, purge: Purge = NO_PURGE, recursive: bool = False
) -> Decision:
    """``recursive`` lets a domain go together with its mailboxes and aliases, and with being the target of others."""
    after: dict[str, Optional[Domain]] = {domain.name: _domain_after(domain, state) for domain in wanted}
    after.update(dict.fromkeys(purge.undeclared(state.domains, after)))
    leaving = {name for name, domain in after.items() if domain is None and name in state.domains}
    orphans = {
        name: domain._replace(alias_of="")
        for name, domain in {**state.domains, **after}.items()
        if domain is not None and domain.alias_of in leaving
    }
    changes = [Change(name, state.domains.get(name), domain) for name, domain in {**after, **orphans}.items()]
    mailboxes = [
        Change(key, box, None) for key, box in state.mailboxes.items() if leaving and domain_of(key) in leaving
    ]
    aliases = [
        Change(key, alias, None) for key, alias in state.aliases.items() if leaving and domain_of(key) in leaving
    ]
    problems, unmet = _target_problems(wanted, {**state.domains, **after})
    if not recursive:
        where = {domain.name: f"{domain.where}domain" for domain in wanted}
        problems = [*_occupied(leaving, [*mailboxes, *aliases], orphans, state, where), *problems]
    changes = [change for change in changes if change.before != change.after]
    return Decision(Changes(changes, mailboxes, aliases), problems, unmet)


def _domain_after(wanted: WantedDomain, state: State) -> Optional[Domain]:
    if not wanted.present:
        return None
    present = state.domains.get(wanted.name) or Domain(wanted.name)
    declared = {
        fact: value
        for fact, value in wanted._asdict().items()
        if fact in Domain._fields and fact != "name" and value is not None
    }
    if set(declared.get("catch_all", ())) == set(present.catch_all):
        declared.pop("catch_all", None)
    return present._replace(**declared)


def _occupied(
    leaving: Collection[str],
    contents: Sequence[Change],
    orphans: Mapping[str, Domain],
    state: State,
    where: Mapping[str, str],
) -> list[Problem]:
    """Domains that would leave with something in them; a catch-all is part of its domain."""
    found: dict[str, list[str]] = {}
    for change in contents:
        if not change.key.startswith("@"):
            found.setdefault(domain_of(change.key), []).append(change.key)
    for name in orphans:
        if name in state.domains:
            found.setdefault(state.domains[name].alias_of, []).append(f"alias domain {name}")
    return [
        Problem(
            where.get(name, "purge"),
            f"cannot be deleted: it has {_listed(found[name])}",
            "delete these first, or say recursive: true",
            name,
        )
        for name in sorted(leaving)
        if name in found
    ]


def _listed(names: Sequence[str], limit: int = 10) -> str:
    shown = ", ".join(names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"


def _target_problems(
    wanted: Sequence[WantedDomain], after: Mapping[str, Optional[Domain]]
) -> tuple[list[Problem], list[Problem]]:
    """What is wrong with the targets of alias domains, and what another task may set right before."""
    problems, unmet = [], []
    for domain in wanted:
        if not domain.present or not domain.alias_of:
            continue
        option, name = f"{domain.where}alias_of", domain.alias_of
        target = after.get(name)
        if name not in after:
            cure = f"create {name} with virtual_domain first"
            unmet.append(Problem(option, "names a domain that does not exist", cure, name))
        elif target is None:
            problems.append(Problem(option, "names a domain that is deleted", "name one that stays", name))
        elif target.alias_of:
            cure = f"name {target.alias_of} itself"
            problems.append(Problem(option, "names a domain that is an alias itself", cure, name))
    return problems, unmet
