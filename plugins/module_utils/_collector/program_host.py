# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that systemd starts: collects what is due and puts it before the node exporter.

It is installed as an archive with this package in it, and called with the file of its settings and the folder of the
textfile collector. What a source cannot tell is said on standard error and in the figures, and is no failure of the
program.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time

from .._engine.errors import Error
from .metrics import Metric, render
from .schedule import FILE, due, own_metrics, read_settings
from .sources_host import SOURCES, Settings, written


def main() -> int:
    settings_file, directory = sys.argv[1:]
    with open(settings_file, encoding="utf-8") as handle:
        settings = read_settings(handle.read(), SOURCES)
    present = written(directory, FILE)
    for source in sorted(set(present) - set(settings)):
        os.unlink(os.path.join(directory, FILE.format(source)))
    now = time.time()
    for source in due(settings, present, now):
        collect(source, settings[source], directory, now)
    return 0


def collect(source: str, settings: Settings, directory: str, now: float) -> None:
    """Write the file of one source, whether it can be collected or not.

    The file is as old as this run of the program, so what a source takes does not put off its next turn.
    """
    begun = time.monotonic()
    metrics: list[Metric] = []
    success = False
    try:
        metrics = SOURCES[source](settings)
        success = True
    except Error as error:
        sys.stderr.write(f"{source}: {error.message}\n")
    except (OSError, ValueError, KeyError) as error:
        sys.stderr.write(f"{source}: {error.__class__.__name__}: {error}\n")
    own = own_metrics(source, success, now, time.monotonic() - begun, settings["interval"])
    replace(os.path.join(directory, FILE.format(source)), render([*own, *metrics]), now)


def replace(path: str, text: str, now: float) -> None:
    """Put a file in place whole: the node exporter may read at any time, as another user."""
    prepared = f"{path}.new"
    try:
        with open(prepared, "w", encoding="utf-8") as handle:
            handle.write(text)
        os.chmod(prepared, 0o644)
        os.utime(prepared, (now, now))
        os.replace(prepared, path)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(prepared)
        raise
