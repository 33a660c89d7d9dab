# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a call decides: the changes that make a store hold what is declared, and what forbids them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple, Optional

from .._engine.errors import Problem
from .model import Alias, Changes, Mailbox, State, domain_of


class Decision(NamedTuple):
    """``changes`` to make and ``problems`` that forbid them.

    ``unmet`` are problems that another task of the same run may solve before: in check mode they are warnings.
    """

    changes: Changes
    problems: Sequence[Problem]
    unmet: Sequence[Problem] = ()


class Purge(NamedTuple):
    """Whether to delete what is not declared: everywhere, or in some ``domains``."""

    wanted: bool = False
    domains: Optional[Collection[str]] = None

    def undeclared(self, present: Iterable[str], declared: Collection[str]) -> list[str]:
        """Which of the ``present`` addresses or domains go."""
        if not self.wanted:
            return []
        return [
            key
            for key in present
            if key not in declared and (self.domains is None or key[key.rfind("@") + 1 :] in self.domains)
        ]


NO_PURGE = Purge()


def missing_domain(item: Any, state: State) -> list[Problem]:
    name = domain_of(item.address)
    if name in state.domains:
        return []
    cure = f"create {name} with virtual_domain first"
    return [Problem(f"{item.where}address", "is in a domain that does not exist", cure, item.address)]


def dangling(changes: Changes, state: State) -> list[str]:
    """Warnings about aliases and forwards that lead to an address which these changes delete."""
    deleted = {change.key for change in (*changes.mailboxes, *changes.aliases) if change.after is None}
    if not deleted:
        return []
    touched = {change.key: change.after for change in (*changes.mailboxes, *changes.aliases)}
    routes = {
        key: alias.destinations for key, alias in {**state.aliases, **touched}.items() if isinstance(alias, Alias)
    }
    routes.update({key: box.route for key, box in {**state.mailboxes, **touched}.items() if isinstance(box, Mailbox)})
    return [
        f"{key} still leads to {address}, which is deleted"
        for key, destinations in routes.items()
        for address in destinations
        if address in deleted
    ]
