# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of master.cf: their programs, where they listen, the jail, and what they need of the host. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..._engine.findings import ERROR, WARNING, Finding
from ..request import MASTER
from .staged import Staged

# chroot - means y up to compatibility level 0 and n since (COMPATIBILITY_README).
JAIL = "y"


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
