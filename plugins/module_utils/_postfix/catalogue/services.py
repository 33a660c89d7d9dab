# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of master.cf: their programs, where they listen, the jail, and what they need of the host. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Optional

from ..._engine.findings import ERROR, MISSING, WARNING, Finding
from .. import master_cf
from ..master_cf import Service
from ..request import MASTER
from ..words import words
from .staged import Staged, suggestion

# chroot - means y up to compatibility level 0 and n since (COMPATIBILITY_README).
JAIL = "y"
# All that Postfix brings and that takes no arguments but options: pipe(8) and spawn(8) do.
DAEMONS = frozenset(
    words(
        """anvil bounce cleanup discard dnsblog error flush lmtp local oqmgr pickup postlogd postscreen proxymap qmgr
        qmqpd scache showq smtp smtpd tlsmgr tlsproxy trivial-rewrite verify virtual"""
    )
)
# Parameters that name a service that delivers: transport:nexthop.
TRANSPORTS = re.compile(r"(?:default|local|relay|virtual|mailbox|fallback)_transport|content_filter")
# Dovecot writes it when it starts: its sockets are there then.
DOVECOT_RUNS = "/run/dovecot/master.pid"


def unknown_daemon(staged: Staged) -> Iterator[Finding]:
    """Services whose program is not installed: Postfix listens for them and then fails."""
    asked = {service.key for service in staged.request.services or ()}
    for service in staged.services:
        if service.command in staged.host.missing_daemons:
            severity = ERROR if service.key in asked else WARNING
            message = f"runs {service.command}, which is not in {staged.value('daemon_directory')}"
            cure = "name a daemon that is installed, or install the package that brings it"
            yield Finding("unknown_daemon", severity, message, cure, staged.path(MASTER), service.line, service.key)


def missing_directory(staged: Staged) -> Iterator[Finding]:
    """The queue is created with the package, never by Postfix itself."""
    setting = staged.find("queue_directory")
    path = staged.value("queue_directory")
    if path and staged.host.look(path) is None:
        message, cure = "does not exist", "create the directory, or correct the parameter"
        yield Finding("missing_directory", ERROR, message, cure, setting.file, setting.line, setting.name, path)


def unusable_listener(staged: Staged) -> Iterator[Finding]:
    """What master(8) cannot listen on stops the whole mail system, on a reload too (measured with 3.7 and 3.10)."""
    lines = {service.key: service.line for service in staged.services}
    for severity, reasons, cure in (
        (ERROR, staged.unusable_listeners, "correct the name of the service; Postfix stops at it"),
        (WARNING, staged.busy_listeners, "see that nothing else listens there, or Postfix stops"),
    ):
        for key, reason in reasons.items():
            yield Finding("unusable_listener", severity, reason, cure, staged.path(MASTER), lines.get(key), key)


def empty_jail(staged: Staged) -> Iterator[Finding]:
    """Services in a jail without the files to resolve names. Debian fills the jail when Postfix starts, unless told not
    to (README.Debian)."""
    queue = staged.value("queue_directory")
    if staged.host.fills_jail or not queue:
        return
    jailed = [service for service in staged.services if service.chroot == JAIL]
    for name in ("etc/resolv.conf", "etc/services") if jailed else ():
        if staged.host.look(f"/{name}") is not None and staged.host.look(f"{queue}/{name}") is None:
            message = f"runs in {queue}, where {name} is missing, and SYNC_CHROOT is empty in /etc/default/postfix"
            cure = f"copy /{name} there, or take SYNC_CHROOT= out"
            file = staged.path(MASTER)
            yield Finding("empty_jail", WARNING, message, cure, file, jailed[0].line, jailed[0].key)


def bad_argument(staged: Staged) -> Iterator[Finding]:
    """What follows a program and is no override: at braces that are not around all of it master(8) stops, at the rest
    the program (measured with 3.10)."""
    asked = {service.key for service in staged.request.services or ()}
    for service in staged.services:
        rest = list(service.arguments)
        file = staged.path(MASTER)
        for word in rest:
            if word.startswith("{") and not master_cf.is_group(word):
                message, cure = f"has {word}, and Postfix stops at it", "put the braces around all of the argument"
                yield Finding("bad_argument", ERROR, message, cure, file, service.line, service.key)
        while rest and rest[0].startswith("-") and rest[0] != master_cf.OVERRIDE:
            rest.pop(0)
        severity = ERROR if service.key in asked else WARNING
        if rest and rest[0] == master_cf.OVERRIDE:
            message = f"has {' '.join(rest[:3])}, and {service.command} stops at it"
            cure = "write -o name=value without white space, or -o { name = value }"
            yield Finding("bad_argument", severity, message, cure, file, service.line, service.key)
        elif rest and service.command in DAEMONS:
            message = f"has the argument {rest[0]}, and {service.command} stops at it"
            cure = "take it out, or put braces around an override with white space: -o { name = value }"
            yield Finding("bad_argument", severity, message, cure, file, service.line, service.key)


def unknown_transport(staged: Staged) -> Iterator[Finding]:
    """Transports that no service stands for: mail for them stays in the queue."""
    names = [service.name for service in staged.services if service.type in ("unix", "fifo")]
    for setting in staged.settings:
        if TRANSPORTS.fullmatch(setting.name):
            name = (staged.meaning(setting) or "").partition(":")[0]
            if name and names and name not in names:
                message = f"names the transport {name}, which is no service of {MASTER}: its mail stays in the queue"
                cure = suggestion(name, names, "define the service, or name another one")
                yield staged.finding("unknown_transport", setting, message, cure, asked=MISSING)


def missing_socket(staged: Staged) -> Iterator[Finding]:
    """Sockets of Dovecot that smtpd(8) cannot find. While Dovecot does not run, none is there."""
    queue = staged.value("queue_directory") or ""
    for service in staged.services:
        path = _sasl_socket(staged, service)
        if path is None or staged.host.look(DOVECOT_RUNS) is None:
            continue
        inside = f"{queue}/{path.lstrip('/')}"
        looked_for = inside if _is_jailed(staged, service) or not path.startswith("/") else path
        if staged.host.look(looked_for) is None:
            message = f"asks Dovecot for passwords through {looked_for}, which does not exist"
            cure = "let Dovecot listen there, or correct smtpd_sasl_path"
            if looked_for != path and path.startswith("/"):
                cure = (
                    f"the service runs in {queue}: let Dovecot listen there, and set smtpd_sasl_path without {queue}/"
                )
            file = staged.path(MASTER)
            yield Finding("missing_socket", WARNING, message, cure, file, service.line, service.key)


def _sasl_socket(staged: Staged, service: Service) -> Optional[str]:
    """The path that a service asks Dovecot through, if it does."""
    if service.command != "smtpd" or (staged.value("smtpd_sasl_auth_enable", service) or "").lower() != "yes":
        return None
    path = re.sub(r"^unix:", "", staged.value("smtpd_sasl_path", service) or "")
    return path if path and staged.value("smtpd_sasl_type", service) == "dovecot" and ":" not in path else None


def _is_jailed(staged: Staged, service: Service) -> bool:
    level = staged.value("compatibility_level") or "0"
    return service.chroot == JAIL or (service.chroot == master_cf.UNSET and level == "0")
