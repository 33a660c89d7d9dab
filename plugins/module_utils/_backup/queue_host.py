# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages of a saved queue, put on hold in the queue of the host: somebody decides about them.

Most of what waited when a snapshot was made has been delivered since. Postfix names a message after the number of its
file, so ``postsuper -s`` gives those that come back new names (postsuper(1)). What was brought back is noted, for a
second run.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import shutil
from collections.abc import Sequence

from .._engine import commands
from .._engine.errors import Error
from .restic_host import Repository
from .settings import STATE_DIRECTORY, Settings
from .snapshots import QUEUE, Snapshot

COMPLETE_MODE = 0o700
NOTE = f"{STATE_DIRECTORY}/restored-queue.json"


def to_bring_back(repository: Repository, snapshot: Snapshot) -> list[str]:
    """The messages, by their place in the saved queue, that have not come back yet and are not in the queue."""
    directory = repository.settings.queue_directory
    if not directory or not os.path.isdir(directory):
        raise Error(f"queue: there is no queue {directory} on this host; run the playbook site first")
    top = f"{snapshot.root}/{QUEUE}"
    done = _noted().get(snapshot.id, [])
    return sorted(
        place
        for place in (
            entry.path[len(top) + 1 :] for entry in repository.entries(snapshot.id, top) if entry.kind == "file"
        )
        if place not in done and not os.path.exists(os.path.join(directory, place))
    )


def bring_back(settings: Settings, snapshot: str, staged: str, places: Sequence[str]) -> None:
    """Put restored messages on hold."""
    owner, hold = pwd.getpwnam("postfix"), os.path.join(settings.queue_directory, "hold")
    for place in places:
        target = os.path.join(hold, os.path.basename(place))
        if os.path.exists(target):
            raise Error(f"{target} exists; release or delete it first, then run again")
        # Without its execute bit it is no message yet, for Postfix.
        draft = shutil.copyfile(f"{staged}/{place}", os.path.join(hold, f".{os.path.basename(place)}"))
        os.chown(draft, owner.pw_uid, owner.pw_gid)
        os.rename(draft, target)
        os.chmod(target, COMPLETE_MODE)
        _note(snapshot, place)
    commands.run(["postsuper", "-s"], timeout=600)


def _noted() -> dict[str, list[str]]:
    with contextlib.suppress(FileNotFoundError, ValueError), open(NOTE, encoding="utf-8") as handle:
        found: dict[str, list[str]] = json.load(handle)
        return found
    return {}


def _note(snapshot: str, place: str) -> None:
    noted = _noted()
    noted.setdefault(snapshot, []).append(place)
    with open(f"{NOTE}.new", "w", encoding="utf-8") as handle:
        json.dump(noted, handle)
    os.rename(f"{NOTE}.new", NOTE)
