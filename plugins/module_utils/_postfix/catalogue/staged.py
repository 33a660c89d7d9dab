# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every check of the catalogue is given: a staged configuration, and what the host says of it. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Callable, Optional

from ..._engine.findings import ERROR, WARNING, Finding
from .. import main_cf, map_file, master_cf
from ..main_cf import Parameter
from ..master_cf import Service
from ..request import MAIN, MASTER, Request

_VERSION = re.compile(r"(\d+)\.(\d+)")
# A definition for one transport, such as slow_destination_rate_delay; the built-in one begins with default (qmgr(8)).
TRANSPORT = re.compile(r"(.+?)_((?:initial_)?destination_\w+|delivery_slot_\w+|minimum_delivery_slots|time_limit)")
# A default of two for a quiet and a busy server: ${stress?{1}:{20}}. Both are of one kind.
_EITHER = re.compile(r"\$\{\w+\?\{?[^{}:]*\}?:\{?([^{}]*)\}?\}")


@dataclass(frozen=True)
class Setting:
    """A parameter that counts: of main.cf, or with ``service`` an override in master.cf. ``value`` has no layout."""

    name: str
    value: str
    file: str
    line: Optional[int]
    service: Optional[Service] = None


@dataclass(frozen=True)
class Entry:
    """A file or directory on the host. ``public``: every user of the host can read it."""

    modified: float = 0.0
    public: bool = False
    readable: bool = True


@dataclass(frozen=True)
class Pem:
    """A certificate or private key in a PEM file: its public key, nothing when OpenSSL cannot read it.

    ``days_left`` counts whole days to the end of a certificate; a key has none.
    """

    is_key: bool
    public_key: Optional[str]
    days_left: Optional[int] = None


@dataclass(frozen=True)
class Host:
    """How to ask about the host: files by their path, the PEM blocks in one, and what Postfix was built with.

    ``mail_reads``: whether Postfix's own account can read a file, ``has_passwords``: whether an SQLite database has a
    column for them.
    """

    look: Callable[[str], Optional[Entry]] = lambda _path: Entry()
    read: Callable[[str], Optional[str]] = lambda _path: None
    pem: Callable[[str], Optional[Sequence[Pem]]] = lambda _path: None
    map_types: frozenset[str] = frozenset()
    missing_daemons: frozenset[str] = frozenset()
    fills_jail: bool = True
    mail_reads: Callable[[str], bool] = lambda _path: True
    has_passwords: Callable[[str], bool] = lambda _path: False


@dataclass(frozen=True)
class Staged:
    """A staged configuration and what is known about it.

    ``request`` is what was asked for. ``messages`` are the lines that postconf wrote about it, with the paths that the
    files will have; ``refusals`` those of all of Postfix's tools that failed. ``defaults`` are the built-in values,
    ``expanded`` what postconf makes of the values in main.cf. ``unusable_listeners`` and ``busy_listeners`` are reasons
    by ``name/type``.
    """

    request: Request
    main: str
    master: str
    defaults: Mapping[str, str]
    messages: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    expanded: Mapping[str, str] = field(default_factory=dict)
    unusable_listeners: Mapping[str, str] = field(default_factory=dict)
    busy_listeners: Mapping[str, str] = field(default_factory=dict)
    host: Host = Host()

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The definitions of main.cf that count."""
        return {parameter.name: parameter for parameter in main_cf.parse(self.main)}

    @cached_property
    def values(self) -> Mapping[str, str]:
        """What counts for each parameter: main.cf, else the built-in default."""
        own = {name: parameter.value for name, parameter in self.parameters.items()}
        return {**self.defaults, "config_directory": self.request.directory, **own}

    @cached_property
    def services(self) -> Sequence[Service]:
        """The services that count."""
        return list(master_cf.services(self.master).values())

    @cached_property
    def settings(self) -> Sequence[Setting]:
        """Everything that main.cf and master.cf set."""
        main, master = self.path(MAIN), self.path(MASTER)
        found = [Setting(name, one.value, main, one.line) for name, one in self.parameters.items()]
        for service in self.services:
            found += [Setting(name, value, master, service.line, service) for name, value in service.options.items()]
        return found

    @cached_property
    def version(self) -> tuple[int, int]:
        found = _VERSION.match(self.defaults.get("mail_version", ""))
        return (int(found[1]), int(found[2])) if found else (0, 0)

    def path(self, name: str) -> str:
        return f"{self.request.directory}/{name}"

    def raw(self, name: str, service: Optional[Service] = None) -> Optional[str]:
        """The value that counts for a service, else for all, as written."""
        return self.values.get(name) if service is None else service.options.get(name, self.values.get(name))

    def expand(self, value: str, service: Optional[Service] = None) -> Optional[str]:
        """``value`` as a service sees it, nothing where only Postfix can tell."""
        return main_cf.expand(value, lambda name: self.raw(name, service))

    def value(self, name: str, service: Optional[Service] = None) -> Optional[str]:
        """What a parameter means for a service, else for all; nothing where that cannot be told."""
        raw = self.raw(name, service) or ""
        found = self.expand(raw, service)
        if found is None and (service is None or name not in service.options):
            return self.expanded.get(name)
        return found

    def meaning(self, setting: Setting) -> Optional[str]:
        return self.value(setting.name, setting.service)

    def default(self, name: str) -> str:
        """The built-in value, also of a parameter that belongs to one transport."""
        raw = self.defaults.get(name)
        if raw is None:
            found = TRANSPORT.fullmatch(name)
            kind = f"default_{found[2]}" if found else ""
            raw = self.defaults.get("command_time_limit" if kind == "default_time_limit" else kind, "")
        raw = _EITHER.sub(lambda found: found[1], raw)
        return main_cf.expand(raw, self.defaults.get) or ""

    def asks_for(self, setting: Setting) -> bool:
        """Whether the request, and not somebody before it, set this."""
        if setting.service is None:
            return (self.request.parameters or {}).get(setting.name) is not None
        return any(
            declared.key == setting.service.key and declared.options.get(setting.name) is not None
            for declared in self.request.services or ()
        )

    def find(self, name: str) -> Setting:
        """The setting of main.cf, also one that is not there."""
        present = self.parameters.get(name)
        return Setting(name, present.value if present else "", self.path(MAIN), present.line if present else None)

    def finding(
        self, code: str, setting: Setting, message: str, cure: str, *, asked: str = ERROR, untouched: str = WARNING
    ) -> Finding:
        """A finding about a setting, as severe as ``asked`` if the request wants it, else as ``untouched``."""
        severity = asked if self.asks_for(setting) else untouched
        value = map_file.shown_value(setting.name, setting.value)
        if setting.service is not None:
            message = f"(for {setting.service.key}) {message}"
        return Finding(code, severity, message, cure, setting.file, setting.line, setting.name, value)


Check = Callable[[Staged], Iterable[Finding]]


def nearest(word: str, known: Iterable[str]) -> Optional[str]:
    """The known word that was probably meant."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.75)
    return near[0] if near else None


def suggestion(word: str, known: Iterable[str], otherwise: str) -> str:
    """A cure: the known word that was probably meant, else what else to do."""
    near = nearest(word, known)
    return f"did you mean {near}?" if near else otherwise
