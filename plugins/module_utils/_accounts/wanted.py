# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is declared: the options of modules, turned into facts in their stored form, with every fault in them.

A fact that is not declared is ``None`` and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Callable, NamedTuple, Optional

from .._engine.errors import Problem
from .addresses import AddressError, catch_all_or_alias, destination, domain_name, mailbox_address
from .model import MEBIBYTE
from .passwords import clear_password_fault, hash_fault
from .sizes import parse_size

Item = Mapping[str, Any]
# What PostfixAdmin's column holds in every database that it runs on.
LARGEST_COUNT = 2**31 - 1
HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
PASSWORDS = ("password", "password_hash", "password_file")
# Takes what comes before the name of the option in a message, that name, and a value, to a fact.
FactReader = Callable[[str, str, Any], Any]


class WantedDomain(NamedTuple):
    """``where`` is what comes before the name of an option in a message, such as ``domains[3].``; quotas in MiB."""

    where: str
    name: str
    present: bool
    description: Optional[str] = None
    enabled: Optional[bool] = None
    max_mailboxes: Optional[int] = None
    max_aliases: Optional[int] = None
    quota: Optional[int] = None
    mailbox_quota: Optional[int] = None
    alias_of: Optional[str] = None
    catch_all: Optional[tuple[str, ...]] = None


class WantedMailbox(NamedTuple):
    """``quota`` is in bytes. ``on_create``: the password is for a new mailbox alone."""

    where: str
    address: str
    present: bool
    password: Optional[str] = None
    password_hash: Optional[str] = None
    password_file: Optional[str] = None
    on_create: bool = False
    name: Optional[str] = None
    quota: Optional[int] = None
    enabled: Optional[bool] = None
    receive: Optional[bool] = None
    send: Optional[bool] = None
    login: Optional[bool] = None
    forward_to: Optional[tuple[str, ...]] = None
    keep_copy: Optional[bool] = None
    send_as: Optional[tuple[str, ...]] = None
    host: Optional[str] = None
    delete_mail: bool = False


class WantedAlias(NamedTuple):
    where: str
    address: str
    present: bool
    destinations: Optional[tuple[str, ...]] = None
    enabled: Optional[bool] = None


class Reader:
    """Takes options to facts and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def domains(self, items: Sequence[Item], option: str = "") -> list[WantedDomain]:
        readers: dict[str, FactReader] = {
            "description": self._line,
            "enabled": _as_it_is,
            "max_mailboxes": self._count,
            "max_aliases": self._count,
            "quota": self._mebibytes,
            "mailbox_quota": self._mebibytes,
            "alias_of": self._domain_or_none,
            "catch_all": partial(self._list, destination),
        }
        wanted = []
        for where, name, item in self._keyed(items, option, "domain", domain_name):
            facts = self._facts(where, item, readers)
            if name and facts.get("alias_of") == name:
                self.refuse(f"{where}alias_of", "is the domain itself", "name another domain", name)
            wanted.append(WantedDomain(where, name, item["state"] == "present", **facts))
        return [domain for domain in wanted if domain.name]

    def mailboxes(
        self, items: Sequence[Item], scheme: str, update_password: str, option: str = ""
    ) -> list[WantedMailbox]:
        """``update_password`` is for items that do not say it; ``scheme`` limits what a clear password may be."""
        readers: dict[str, FactReader] = {
            "password": partial(self._password, partial(clear_password_fault, scheme=scheme)),
            "password_hash": partial(self._password, hash_fault),
            "password_file": self._path,
            "name": self._line,
            "quota": self._size,
            "forward_to": partial(self._list, destination),
            "send_as": partial(self._list, catch_all_or_alias),
            "host": self._host,
            **dict.fromkeys(("enabled", "receive", "send", "login", "keep_copy", "delete_mail"), _as_it_is),
        }
        wanted = []
        for where, address, item in self._keyed(items, option, "address", mailbox_address):
            facts = self._facts(where, item, readers)
            box = WantedMailbox(
                where,
                address,
                item["state"] == "present",
                on_create=(item.get("update_password") or update_password) == "on_create",
                **facts,
            )
            self._check_mailbox(box)
            wanted.append(box)
        return [box for box in wanted if box.address]

    def aliases(self, items: Sequence[Item], option: str = "") -> list[WantedAlias]:
        readers: dict[str, FactReader] = {"destinations": partial(self._list, destination), "enabled": _as_it_is}
        wanted = []
        for where, address, item in self._keyed(items, option, "address", catch_all_or_alias):
            facts = self._facts(where, item, readers)
            present = item["state"] == "present"
            if present and item.get("destinations") == []:
                self.refuse(f"{where}destinations", "is empty", "name a destination, or say state: absent", [])
            wanted.append(WantedAlias(where, address, present, **facts))
        return [alias for alias in wanted if alias.address]

    def domain_names(self, option: str, names: Optional[Sequence[str]]) -> Optional[frozenset[str]]:
        """A list of domains, in their stored form."""
        return None if names is None else frozenset(self._list(domain_name, "", option, names))

    def refuse(self, option: str, message: str, cure: str, value: Any = None) -> None:
        self.problems.append(Problem(option, message, cure, value))

    def _keyed(
        self, items: Sequence[Item], option: str, key: str, stored: Callable[[str], str]
    ) -> Iterator[tuple[str, str, Item]]:
        """Where each item is, and its key in stored form: empty when it is missing or bad."""
        first: dict[str, str] = {}
        for index, item in enumerate(items):
            where = f"{option}[{index}]." if option else ""
            given = item.get(key)
            name = ""
            try:
                name = "" if given is None else stored(given)
            except AddressError as error:
                self.refuse(where + key, error.message, error.cure, given)
            if name and first.setdefault(name, where) is not where:
                self.refuse(where + key, f"is declared twice, at {first[name]}{key} too", "declare it once", given)
            yield where, name, item

    def _facts(self, where: str, item: Item, readers: Mapping[str, FactReader]) -> dict[str, Any]:
        return {
            name: readers[name](where, name, value)
            for name, value in item.items()
            if value is not None and name in readers
        }

    def _check_mailbox(self, box: WantedMailbox) -> None:
        """What no option says alone."""
        if (box.password, box.password_hash, box.password_file).count(None) < 2:
            given = [name for name in PASSWORDS if getattr(box, name) is not None]
            self.refuse(box.where + given[1], f"is given beside {given[0]}", f"use one of {', '.join(PASSWORDS)}")
        if box.forward_to is not None and box.address in box.forward_to:
            self.refuse(f"{box.where}forward_to", "holds the mailbox itself", "use keep_copy for that", box.address)
        if box.delete_mail and box.present:
            cure = "leave it out or say state: absent"
            self.refuse(f"{box.where}delete_mail", "is for a mailbox that is deleted", cure)

    # --- readers of one fact; one that is bad is ``None`` and refused ---

    def _converted(self, option: str, value: Any, stored: Callable[[str], str]) -> Optional[str]:
        try:
            return stored(value)
        except AddressError as error:
            self.refuse(option, error.message, error.cure, value)
            return None

    def _list(self, stored: Callable[[str], str], where: str, name: str, values: Sequence[str]) -> tuple[str, ...]:
        found = [self._converted(f"{where}{name}[{index}]", value, stored) for index, value in enumerate(values)]
        return tuple(dict.fromkeys(value for value in found if value is not None))

    def _domain_or_none(self, where: str, name: str, value: str) -> Optional[str]:
        return self._converted(where + name, value, domain_name) if value else ""

    def _password(self, fault: Callable[[str], Optional[tuple[str, str]]], where: str, name: str, value: str) -> str:
        found = fault(value)
        if found is not None:
            self.refuse(where + name, *found)
        return value

    def _path(self, where: str, name: str, value: str) -> str:
        if not value.startswith("/"):
            self.refuse(where + name, "is not an absolute path", "write it from / on", value)
        return value

    def _line(self, where: str, name: str, value: str) -> str:
        if not value.isprintable():
            self.refuse(where + name, "has a control character", "write one line of printable text", value)
        return value

    def _host(self, where: str, name: str, value: str) -> Optional[str]:
        if value and HOST.fullmatch(value) is None:
            self.refuse(where + name, "is no name of a host", "write lower-case letters, digits, hyphens, dots", value)
            return None
        return value

    def _size(self, where: str, name: str, value: str) -> Optional[int]:
        try:
            return parse_size(value)
        except ValueError:
            cure = "write bytes or a size such as 500M or 2G; 0 is unlimited"
            self.refuse(where + name, "is not a size", cure, value)
            return None

    def _mebibytes(self, where: str, name: str, value: str) -> Optional[int]:
        size = self._size(where, name, value)
        if size is not None and size % MEBIBYTE:
            self.refuse(where + name, "is not a whole number of MiB", "round it: domains count in MiB", value)
        return None if size is None else size // MEBIBYTE

    def _count(self, where: str, name: str, value: int) -> int:
        if value < -1:
            self.refuse(where + name, "is less than -1", "0 is unlimited and -1 is none", value)
        elif value > LARGEST_COUNT:
            self.refuse(where + name, f"is more than {LARGEST_COUNT}", "0 is unlimited", value)
        return value


def _as_it_is(_where: str, _name: str, value: Any) -> Any:
    return value
