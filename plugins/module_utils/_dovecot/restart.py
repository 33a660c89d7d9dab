# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a running Dovecot takes a change over when it is reloaded, or has to be stopped and started.

Measured with Dovecot 2.3.19 on Debian 12 and 2.4.1 on Debian 13. A reload is enough for all but this table: listeners
that come, go and move, new services, protocols, certificates, passdbs, plugins, the place of mail, the log,
default_internal_group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Optional

from .settings import Line, leaves

RESTART = {
    "base_dir": "after a reload doveadm and systemctl look for the running Dovecot in the new folder",
    "default_login_user": "after a reload nobody can log in: the new user may not enter the folder of the sockets",
    "import_environment": "the processes go on with the environment that Dovecot was started with",
    "instance_name": "doveadm goes on to know the instance by its old name",
    "state_dir": "what Dovecot keeps stays in the old folder",
}
# 2.3 only: the anvil process goes on as the old user. In 2.4 it runs as root.
RESTART_OF_2_3 = {"default_internal_user": "the anvil process goes on as the old user"}


def settings(syntax: str) -> set[str]:
    """The names of the settings whose change needs a restart."""
    return {*RESTART, *(RESTART_OF_2_3 if syntax == "2.3" else ())}


def needs_restart(syntax: str, before: Optional[Sequence[Line]], after: Sequence[Line]) -> bool:
    """Whether the change from the lines ``before``, nothing where there was no file, needs more than a reload."""
    names = settings(syntax)
    return before is not None and _values(before, names) != _values(after, names)


def _values(lines: Sequence[Line], names: set[str]) -> dict[tuple[str, ...], Optional[str]]:
    """The last value of each: 2.4 has import_environment as a section."""
    return {
        (*line.section, line.name): line.value
        for line in leaves(lines)
        if line.section[:1] == ("import_environment",) or (not line.section and line.name in names)
    }
