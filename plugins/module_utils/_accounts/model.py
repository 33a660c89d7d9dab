# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The three nouns, domain, mailbox and alias, as they are in a store or shall be.

Named tuples, not dataclasses: a call compares tens of thousands of them, and tuples are made and compared in C.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple, Optional

MEBIBYTE = 1024 * 1024


class Domain(NamedTuple):
    """A virtual domain. Quotas are in MiB, 0 is unlimited; of a count 0 is unlimited and -1 none."""

    name: str
    description: str = ""
    max_mailboxes: int = 0
    max_aliases: int = 0
    quota: int = 0
    mailbox_quota: int = 0
    enabled: bool = True
    alias_of: str = ""
    catch_all: tuple[str, ...] = ()


class Mailbox(NamedTuple):
    """A mailbox.

    ``password`` is the stored hash. ``maildir`` is the folder of its mail below the mail directory, with a slash at
    its end. ``quota`` is in bytes, 0 is unlimited. ``route`` holds where mail to the address goes: the address itself
    when a copy is kept, and every forward; ``routed`` tells whether the store follows it. ``host`` is who keeps its
    mail where several servers share the mailboxes, empty where they do not.
    """

    address: str
    password: str
    name: str
    maildir: str
    quota: int
    enabled: bool
    route: tuple[str, ...]
    routed: bool
    receive: bool
    send: bool
    login: bool
    send_as: tuple[str, ...]
    host: str = ""

    @property
    def keep_copy(self) -> bool:
        return self.address in self.route

    @property
    def forward_to(self) -> list[str]:
        return [address for address in self.route if address != self.address]


class Alias(NamedTuple):
    """An alias, or the catch-all of a domain when its address is ``@domain``."""

    address: str
    destinations: tuple[str, ...]
    enabled: bool


class State(NamedTuple):
    """Everything in a store. ``aliases`` has no entry for a mailbox, but one for each catch-all.

    ``people`` are addresses of those whom the store knows, with their password, and who have no mailbox yet.
    """

    domains: Mapping[str, Domain]
    mailboxes: Mapping[str, Mailbox]
    aliases: Mapping[str, Alias]
    people: Collection[str] = ()


EMPTY = State({}, {}, {})


class Change(NamedTuple):
    """One object before and after: ``before`` is nothing for a new one, ``after`` for a deleted one.

    Both are of one kind, :class:`Domain`, :class:`Mailbox` or :class:`Alias`.
    """

    key: str
    before: Optional[Any]
    after: Optional[Any]

    @property
    def verb(self) -> str:
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "update"


class Changes(NamedTuple):
    """What one call does, each kind in the order of the declaration."""

    domains: Sequence[Change] = ()
    mailboxes: Sequence[Change] = ()
    aliases: Sequence[Change] = ()


class Effect(NamedTuple):
    """What one call does beside the rows: ``summary`` in words, and the state of ``subject`` before and after."""

    summary: str
    subject: str
    before: str
    after: str


def domain_of(address: str) -> str:
    return address[address.rindex("@") + 1 :]
