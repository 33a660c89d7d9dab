# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare the tasks that changed hosts in two runs, as the callback plugin ``changes`` wrote them.

same_changes.py ANNOUNCED DONE            the same tasks on the same hosts
same_changes.py ANNOUNCED --expect FILE   exactly the tasks named in FILE, one a line, on each host
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

Changes = set[tuple[str, str]]


def read(path: str) -> Changes:
    lines = Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
    return {(entry["host"], entry["task"]) for entry in map(json.loads, lines)}


def expected(path: str, hosts: Iterable[str]) -> Changes:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    tasks = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return {(host, task) for host in hosts for task in tasks}


def differences(announced: Changes, done: Changes, name_of_other: str) -> list[str]:
    return [
        *(f"{host}: announced, but not {name_of_other}: {task}" for host, task in sorted(announced - done)),
        *(f"{host}: {name_of_other}, but not announced: {task}" for host, task in sorted(done - announced)),
    ]


def main(arguments: list[str]) -> int:
    announced = read(arguments[0])
    if arguments[1] == "--expect":
        hosts = {host for host, _task in announced}
        found = differences(announced, expected(arguments[2], hosts), "expected")
    else:
        found = differences(announced, read(arguments[1]), "done")
    for line in found:
        print(line)
    if not announced:
        print("nothing was announced")
    print(f"{len(announced)} changes announced, {len(found)} differences")
    return 1 if found or not announced else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
