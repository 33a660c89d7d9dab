# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs inside a container: copies the deferred messages of one sender until there are so many, for a queue of any size.

fill_queue.py SENDER COUNT. Each copy is a message of its own, as Postfix would have written it: its name holds the
number of its file (inode), it has a reason of its own, and its next attempt is a day away.
"""

from __future__ import annotations

import itertools
import json
import os
import pwd
import subprocess
import sys
import time

SPOOL = "/var/spool/postfix"


def main(sender: str, count: int) -> None:
    listed = subprocess.run(["postqueue", "-j"], capture_output=True, text=True, check=True).stdout
    ids = [one["queue_id"] for one in map(json.loads, listed.splitlines()) if one["sender"] == sender]
    templates = [(read("deferred", queue_id), read("defer", queue_id)) for queue_id in ids[:100]]
    owner = pwd.getpwnam("postfix")
    later = time.time() + 86400
    source = itertools.cycle(templates)
    for number in range(count - len(ids)):
        message, reason = next(source)
        new = f"{SPOOL}/deferred/new"
        with open(new, "wb") as handle:
            handle.write(message)
            name = f"{number % 1_000_000:05X}{os.fstat(handle.fileno()).st_ino:X}"
        os.chmod(new, 0o700)
        os.chown(new, owner.pw_uid, owner.pw_gid)
        os.utime(new, (later, later))
        place = path("defer", name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as handle:
            handle.write(reason)
        os.chmod(place, 0o600)
        for folder in (os.path.dirname(path("deferred", name)), os.path.dirname(place)):
            os.makedirs(folder, exist_ok=True)
            os.chown(folder, owner.pw_uid, 0)
            os.chmod(folder, 0o700)
        os.chown(place, owner.pw_uid, owner.pw_gid)
        os.rename(new, path("deferred", name))


def path(queue: str, queue_id: str) -> str:
    return f"{SPOOL}/{queue}/{queue_id[0]}/{queue_id}"


def read(queue: str, queue_id: str) -> bytes:
    with open(path(queue, queue_id), "rb") as handle:
        return handle.read()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
