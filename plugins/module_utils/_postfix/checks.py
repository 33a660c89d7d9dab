# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of a staged configuration, before it is used: a list of functions, each from what is staged to findings.

To add one, write a function and put it into CHECKS. What it needs from the host belongs in :class:`Staged`, which
config_host.py fills.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Callable, Optional

from .._engine.findings import ERROR, WARNING, Finding
from . import main_cf, master_cf, restrictions
from .master_cf import Service
from .request import MAIN, MASTER, Request

# Booleans in one release that take other words in a later one or a patched one (postconf(5)).
NOT_BOOLEAN = {"smtpd_forbid_bare_newline"}
UNUSED = re.compile(r"(?P<file>.*?): unused parameter: (?P<name>[^=]*)=(?P<value>.*)")
SAID = re.compile(r".*?: (?:warning|[Ee]rror|fatal|panic): (?P<text>.*)")


@dataclass(frozen=True)
class Staged:
    """A staged configuration and what the host says about it.

    ``directory`` holds the staged files, ``request`` what was asked for. ``messages`` are the lines that postconf wrote
    about it, with the paths that the files will have; ``refusals`` those of all of Postfix's tools that failed.
    ``defaults`` are the built-in values, ``missing_daemons`` the commands that are not installed,
    ``missing_directories`` parameters whose directory does not exist, ``unusable_listeners`` and ``busy_listeners``
    reasons by ``name/type``.
    """

    directory: str
    request: Request
    main: str
    master: str
    defaults: Mapping[str, str]
    messages: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    missing_daemons: frozenset[str] = frozenset()
    missing_directories: Mapping[str, str] = field(default_factory=dict)
    unusable_listeners: Mapping[str, str] = field(default_factory=dict)
    busy_listeners: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def values(self) -> Mapping[str, str]:
        """What counts for each parameter: main.cf, else the built-in default."""
        return {**self.defaults, **main_cf.values(self.main)}

    @cached_property
    def services(self) -> Sequence[Service]:
        """The services that count."""
        return list(master_cf.services(self.master).values())

    def path(self, name: str) -> str:
        return f"{self.request.directory}/{name}"

    def asks_for(self, name: str) -> bool:
        """Whether the request, and not somebody before it, set this parameter, in main.cf or for a service."""
        return (self.request.parameters or {}).get(name) is not None or any(
            service.options.get(name) is not None for service in self.request.services or ()
        )


Check = Callable[[Staged], list[Finding]]


def check(staged: Staged) -> list[Finding]:
    """Everything that all checks find."""
    return [finding for function in CHECKS for finding in function(staged)]


def refused_by_postfix(staged: Staged) -> list[Finding]:
    """A tool of Postfix that does not accept the configuration, in its own words."""
    cure = "correct the value or line that Postfix names"
    return [
        Finding("refused_by_postfix", ERROR, f"Postfix says: {text}", cure)
        for text in _texts(staged.refusals)
        if not _has_own_check(text)
    ]


def unknown_parameter(staged: Staged) -> list[Finding]:
    """Names that Postfix does not know and that nothing refers to: most are misspelt."""
    found = []
    for text in _texts(staged.messages):
        unused = UNUSED.fullmatch(text)
        if unused:
            name, version = unused["name"], staged.defaults.get("mail_version", "")
            near = difflib.get_close_matches(name, staged.defaults, n=1, cutoff=0.7)
            cure = f"did you mean {near[0]}?" if near else "correct or remove it"
            severity = ERROR if staged.asks_for(name) else WARNING
            message = f"is no parameter of Postfix {version}, and no other parameter or service refers to it"
            line = _line(staged, name) if unused["file"].endswith(MAIN) else None
            found.append(
                Finding("unknown_parameter", severity, message, cure, unused["file"], line, name, unused["value"])
            )
    return found


def warned_by_postfix(staged: Staged) -> list[Finding]:
    """The other warnings of Postfix's tools: deprecated parameters, comments behind a value, undefined names."""
    cure = "see postconf(5) for the parameter that Postfix names"
    return [
        Finding("warned_by_postfix", WARNING, f"Postfix says: {text}", cure)
        for text in _texts(staged.messages)
        if not _has_own_check(text) and text not in _texts(staged.refusals)
    ]


def defined_twice(staged: Staged) -> list[Finding]:
    """Parameters and services with more than one definition: the last one counts."""
    parameters = [(MAIN, entry.name, entry.line) for entry in main_cf.parse(staged.main)]
    services = [(MASTER, entry.key, entry.line) for entry in master_cf.parse(staged.master)]
    first: dict[tuple[str, str], int] = {}
    found = []
    for file, name, line in [*parameters, *services]:
        if (file, name) in first:
            message = f"is defined again, and line {first[file, name]} does not count"
            found.append(
                Finding("defined_twice", WARNING, message, "keep one definition", staged.path(file), line, name)
            )
        first[file, name] = line
    return found


def not_boolean(staged: Staged) -> list[Finding]:
    """Parameters that are yes or no by default and shall be something else."""
    places = [(MAIN, entry.line, entry.name, entry.value) for entry in main_cf.parse(staged.main)]
    places += [(MASTER, entry.line, name, value) for entry in staged.services for name, value in entry.options.items()]
    return [
        Finding(
            code="not_boolean",
            severity=ERROR if staged.asks_for(name) else WARNING,
            message="is not a boolean, and the programs that read it stop at it",
            cure="give true or false",
            file=staged.path(file),
            line=line,
            name=name,
            value=value,
        )
        for file, line, name, value in places
        if staged.defaults.get(name) in ("yes", "no")
        and name not in NOT_BOOLEAN
        and value.lower() not in ("yes", "no")
        and "$" not in value
    ]


def unknown_daemon(staged: Staged) -> list[Finding]:
    """Services whose program is not installed: Postfix listens for them and then fails."""
    asked = {service.key for service in staged.request.services or ()}
    return [
        Finding(
            code="unknown_daemon",
            severity=ERROR if service.key in asked else WARNING,
            message=f"runs {service.command}, which is not in {staged.values.get('daemon_directory')}",
            cure="name a daemon that is installed, or install the package that brings it",
            file=staged.path(MASTER),
            line=service.line,
            name=service.key,
        )
        for service in staged.services
        if service.command in staged.missing_daemons
    ]


def missing_directory(staged: Staged) -> list[Finding]:
    cure = "create the directory, or correct the parameter"
    return [
        Finding("missing_directory", ERROR, "does not exist", cure, staged.path(MAIN), _line(staged, name), name, value)
        for name, value in staged.missing_directories.items()
    ]


def unusable_listener(staged: Staged) -> list[Finding]:
    """What master(8) cannot listen on stops the whole mail system, on a reload too (measured with 3.7 and 3.10)."""
    lines = {service.key: service.line for service in staged.services}
    found = []
    for severity, reasons, cure in (
        (ERROR, staged.unusable_listeners, "correct the name of the service; Postfix stops at it"),
        (WARNING, staged.busy_listeners, "see that nothing else listens there, or Postfix stops"),
    ):
        for key, reason in reasons.items():
            found.append(Finding("unusable_listener", severity, reason, cure, staged.path(MASTER), lines.get(key), key))
    return found


def open_relay(staged: Staged) -> list[Finding]:
    """SMTP servers that relay for everybody, or that refuse to receive because nothing says that they would not."""
    found = []
    for service in staged.services:
        if service.command == "smtpd":
            verdicts = [_verdict(staged, service, name) for name in RELAY_LISTS]
            if restrictions.GUARDED not in verdicts and restrictions.UNKNOWN not in verdicts:
                is_open = restrictions.OPEN in verdicts
                message = (
                    "permits everybody to relay through this host"
                    if is_open
                    else "has no restriction against relaying, without which Postfix refuses to receive mail"
                )
                cure = f"put reject_unauth_destination into {RELAY_LISTS[0]}, before any permit"
                code = "open_relay" if is_open else "no_relay_control"
                found.append(Finding(code, ERROR, message, cure, staged.path(MASTER), service.line, service.key))
    return found


RELAY_LISTS = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")
CHECKS: tuple[Check, ...] = (
    refused_by_postfix,
    unknown_parameter,
    warned_by_postfix,
    defined_twice,
    not_boolean,
    unknown_daemon,
    missing_directory,
    unusable_listener,
    open_relay,
)


def _verdict(staged: Staged, service: Service, name: str) -> Optional[str]:
    def lookup(parameter: str) -> Optional[str]:
        return service.options.get(parameter, staged.values.get(parameter))

    classes = (lookup("smtpd_restriction_classes") or "").replace(",", " ").split()
    return restrictions.judge(lookup(name) or "", lookup, classes)


def _line(staged: Staged, name: str) -> Optional[int]:
    lines = [entry.line for entry in main_cf.parse(staged.main) if entry.name == name]
    return lines[-1] if lines else None


def _has_own_check(text: str) -> bool:
    return UNUSED.fullmatch(text) is not None or "overriding earlier entry" in text


def _texts(lines: tuple[str, ...]) -> list[str]:
    """What the tools said without who said it, each once."""
    said = [SAID.fullmatch(line) for line in lines]
    return list(dict.fromkeys(found["text"].rstrip(".") for found in said if found))
