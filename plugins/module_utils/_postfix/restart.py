# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a running Postfix takes a change over when it is reloaded, or has to be stopped and started.

Measured with Postfix 3.7.11 on Debian 12 and 3.10.13 on Debian 13. A reload is enough for everything in master.cf:
listeners that come, go, move between all and one address or get another name; private, chroot, the number of
processes, another daemon behind the same port, master_service_disable. And for everything in main.cf but this table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from .master_cf import Service

RESTART = {
    "inet_interfaces": "postconf(5): stop and start; master(8) logs that it ignores the change",
    "inet_protocols": "postconf(5): stop and start; master(8) logs that it ignores the change",
    "maillog_file": "MAILLOG_README: stop and start; after a reload master(8) itself logs to the old place",
    "queue_directory": "measured: postfix reload looks for the running system in the new directory and fails",
    "data_directory": "measured: after a reload the lock of master(8) stays in the old directory",
}


def needs_restart(parameters: Collection[str], before: Mapping[str, Service], after: Mapping[str, Service]) -> bool:
    """Whether the changed ``parameters``, or the services by ``name/type``, need more than a reload."""
    # README.Debian: the jail is filled when Postfix starts, and only if a service is in it. The first one needs that.
    into_jail = _has_jail(after) and not _has_jail(before)
    return into_jail or any(name in RESTART for name in parameters)


def _has_jail(services: Mapping[str, Service]) -> bool:
    return any(service.chroot == "y" for service in services.values())
