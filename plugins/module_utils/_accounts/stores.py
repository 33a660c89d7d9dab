# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every store of accounts can do, and which one the option ``store`` names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional, Protocol

from .._engine.errors import Problem
from .ldap_store import LdapStore
from .model import Changes, Effect, State
from .postgresql_store import PostgresqlStore
from .sqlite_store import SqliteStore

Params = Mapping[str, Any]


class Store(Protocol):
    """A place for accounts. It is read first, and written at most once after that."""

    @classmethod
    def from_params(cls, params: Params) -> Store:
        """The store that the options of a module name. Nothing is opened yet; what is wrong with them is refused."""

    @staticmethod
    def lock(params: Params) -> Optional[str]:
        """The folder of this host that no second run may change meanwhile; nothing for a store on a server."""

    def read(self) -> State:
        """All accounts. A store that does not exist yet is empty."""

    def times(self) -> Mapping[str, int]:
        """When mailboxes were changed last, in seconds of the epoch, by address; those of which it is known."""

    def faults(self) -> Sequence[Effect]:
        """What :meth:`write` puts right beside the accounts, such as a missing table."""

    @property
    def warnings(self) -> Sequence[str]:
        """What the user should know; complete when :meth:`problems` was asked."""

    def problems(self, changes: Changes, where: Mapping[str, str]) -> Sequence[Problem]:
        """Why the store cannot hold what ``changes`` lead to.

        ``where`` is, by address or domain, what comes before the name of an option in a message.
        """

    def unmet(self, changes: Changes, where: Mapping[str, str]) -> Sequence[Problem]:
        """What is missing for ``changes`` and may be made by an earlier task of the same run."""

    def accepts(self, address: str, clear: str) -> bool:
        """Whether a server takes a password for that of a mailbox. Asked where the hash that was read cannot tell."""

    def write(self, changes: Changes) -> None:
        """Put the faults right and make the changes. Refused when somebody else changed the same accounts meanwhile."""


STORES: Mapping[str, type[Store]] = {"sqlite": SqliteStore, "postgresql": PostgresqlStore, "ldap": LdapStore}


def open_store(params: Params) -> Store:
    return STORES[params["store"]].from_params(params)


def store_lock(params: Params) -> Optional[str]:
    return STORES[params["store"]].lock(params)
