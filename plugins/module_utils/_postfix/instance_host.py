# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of Postfix on one host (MULTI_INSTANCE_README), by the main.cf of each. No process is started."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from .._engine.errors import Error, InputError, Problem
from .._engine.files import read_text
from . import main_cf

MAIN = "main.cf"
DEFAULT_DIRECTORY = "/etc/postfix"
DEFAULT_NAME = "-"


def configuration_directory(params: Mapping[str, Any], default: str = DEFAULT_DIRECTORY) -> str:
    """The directory that the options ``config_directory`` and ``instance`` mean, and its default.

    Raises Error for an instance that does not exist. On a host without Postfix it is where postmulti(1) would create
    it: planning goes on from an empty state.
    """
    name, given = params.get("instance"), params.get("config_directory")
    if given is not None and not os.path.isabs(given):
        raise InputError([Problem("config_directory", "is not an absolute path", "begin it with /", given)])
    if name in (None, DEFAULT_NAME):
        return os.path.normpath(given or default)
    if read_text(os.path.join(default, MAIN), default) is None:
        return os.path.join(os.path.dirname(default), name)
    found = instances(default)
    if name not in found:
        there = ", ".join(f"{known} ({directory})" for known, directory in found.items())
        raise Error(
            f"instance: {name!r} does not exist on this host, only {there}; "
            f"create it with postmulti -I {name} -e create, or name one of these"
        )
    return found[name]


def instances(default: str = DEFAULT_DIRECTORY) -> dict[str, str]:
    """Configuration directories by the name of the instance, of one without a name by its directory."""
    found = {DEFAULT_NAME: default}
    directories = _values(default).get("multi_instance_directories", "")
    for directory in directories.replace(",", " ").split():
        found[_values(directory).get("multi_instance_name") or directory] = directory
    return found


def _values(directory: str) -> Mapping[str, str]:
    return main_cf.values(read_text(os.path.join(directory, MAIN), directory) or "")
