# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What postfix_aliases declares, as a file with an index on the host."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from .._engine.errors import refuse
from .._engine.plan import Plan
from .alias_file import ALIASES, problems, values
from .attributes import Attributes
from .instance_host import configuration_directory
from .lookup_host import Wanted, home, plan_file
from .table_file import edit


def alias_home(params: Mapping[str, Any]) -> str:
    """The folder that no second run may change."""
    return home(os.path.normpath(params["path"]), configuration_directory(params))


def plan_aliases(params: Mapping[str, Any]) -> Plan:
    """Decide from the options of ``postfix_aliases`` and the present file and index."""
    refuse(problems(params["aliases"]))
    wanted = values(params["aliases"])
    return plan_file(
        Wanted(
            path=os.path.normpath(params["path"]),
            kind=params["type"],
            directory=configuration_directory(params),
            tool="postalias",
            edit=partial(edit, wanted=wanted, purge=params["purge"], syntax=ALIASES),
            lookups={name: value for name, value in wanted.items() if value is not None},
            # local(8) opens the file as root, but newaliases and users may read it.
            attributes=Attributes(0o644, "root", "root"),
            max_deletions=params["max_deletions"],
            # The package brings its own.
            optional=True,
            backup=params,
        )
    )
