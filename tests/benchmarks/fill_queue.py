# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a container: copies deferred messages of one sender until there are so many, for a queue of any size.

fill_queue.py SENDER COUNT. Each copy is a message of its own, as Postfix would have written it: its name holds the
number of its file (inode), it has a reason of its own, and its next attempt is a day away. What is copied is kept
aside at the first call, so that a queue from which those messages were deleted can be filled again.
"""

from __future__ import annotations

import itertools
import json
import os
import pwd
import shutil
import subprocess
import sys
import time
from pathlib import Path

SPOOL = "/var/spool/postfix"
KEPT = Path("/var/tmp/fill_queue")


def main(sender: str, count: int) -> None:
    listed = subprocess.run(["postqueue", "-j"], capture_output=True, text=True, check=True).stdout
    ids = [one["queue_id"] for one in map(json.loads, listed.splitlines()) if one["sender"] == sender]
    kept = KEPT / sender
    if not kept.exists():
        kept.mkdir(parents=True)
        for queue_id in ids[:100]:
            for queue in ("deferred", "defer"):
                shutil.copy(path(queue, queue_id), kept / f"{queue}-{queue_id}")
    reasons = {found: found.read_bytes() for found in kept.glob("defer-*")}
    templates = [
        (Path(f"{kept}/{found.name.replace('defer-', 'deferred-')}").read_bytes(), reasons[found]) for found in reasons
    ]
    owner = pwd.getpwnam("postfix")
    later = time.time() + 86400
    for number, (message, reason) in zip(range(count - len(ids)), itertools.cycle(templates)):
        new = f"{SPOOL}/deferred/new"
        with open(new, "wb") as handle:
            handle.write(message)
            name = f"{number % 1_000_000:05X}{os.fstat(handle.fileno()).st_ino:X}"
        os.chmod(new, 0o700)
        os.chown(new, owner.pw_uid, owner.pw_gid)
        os.utime(new, (later, later))
        place = path("defer", name)
        for folder in (os.path.dirname(path("deferred", name)), os.path.dirname(place)):
            if not os.path.isdir(folder):
                os.mkdir(folder, 0o700)
                os.chown(folder, owner.pw_uid, 0)
        with open(place, "wb") as handle:
            handle.write(reason)
        os.chmod(place, 0o600)
        os.chown(place, owner.pw_uid, owner.pw_gid)
        os.rename(new, path("deferred", name))


def path(queue: str, queue_id: str) -> str:
    return f"{SPOOL}/{queue}/{queue_id[0]}/{queue_id}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
