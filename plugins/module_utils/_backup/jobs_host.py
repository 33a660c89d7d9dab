# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two jobs that timers start on a host: a backup, and the proof that one could be restored."""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import random
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .._engine import commands
from .._engine.errors import Error
from .._engine.locks import locked
from . import database_host, files_host, staging_host
from .maildir import MESSAGE_FOLDERS, base
from .restic_host import Repository
from .settings import DIRECTORY, STATE_DIRECTORY, Settings
from .snapshots import ACCOUNTS, MAIL, MANIFEST, QUEUE, STORE, Snapshot, choose
from .staging_host import work_parent

TAG = "postfix_manager"
# Says that this installation of the host goes on with the snapshots that there are.
CONTINUES = f"{STATE_DIRECTORY}/backup-continues"


@dataclass(frozen=True)
class Comparison:
    """What a trial restore was compared with."""

    mailboxes: int
    messages: int
    files: int


def back_up(settings: Settings) -> str:
    """Make a snapshot, and drop those that nobody keeps; returns what was done, in words."""
    parent = work_parent(settings)
    repository = Repository(settings)
    with locked(parent):
        snapshots = repository.snapshots()
        _refuse_a_stranger(settings, snapshots)
        repository.unlock()
        stage = staging_host.fresh_work(parent, "backup")
        try:
            manifest = _stage(settings, stage)
            paths = [path for path in settings.paths if os.path.lexists(path)]
            # The keys of the backup itself do not lie in it: who rebuilds the host must have them anyway.
            summary = repository.save([stage, *paths], [DIRECTORY], [TAG])
            repository.forget()
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        mark_continued()
    messages = sum(count["messages"] for count in manifest["mailboxes"].values())
    return (
        f"snapshot {summary['snapshot_id'][:8]}: {messages} messages in {len(manifest['mailboxes'])} mailboxes, "
        f"{manifest['queue']} in the queue, {summary['data_added']} bytes added"
    )


def verify(settings: Settings) -> str:
    """Check the repository, restore a part of the last snapshot and compare it; returns what was done, in words."""
    parent = work_parent(settings)
    repository = Repository(settings)
    with locked(parent):
        snapshot = choose(repository.snapshots(), "latest", settings.host)
        repository.unlock()
        repository.check(settings.verify_data)
        trial = staging_host.fresh_work(parent, "verify")
        try:
            compared = _trial(settings, repository, snapshot, trial)
        finally:
            shutil.rmtree(trial, ignore_errors=True)
    return (
        f"repository checked with {settings.verify_data} of its data; of snapshot {snapshot.id[:8]} "
        f"{compared.mailboxes} mailboxes and {compared.files} dumps restored, {compared.messages} messages compared"
    )


def mark_continued() -> None:
    os.makedirs(STATE_DIRECTORY, mode=0o750, exist_ok=True)
    with open(CONTINUES, "a", encoding="utf-8"):
        pass


def _refuse_a_stranger(settings: Settings, snapshots: list[Snapshot]) -> None:
    """A host that was rebuilt and not restored yet must not put its emptiness on top of the snapshots."""
    if not os.path.exists(CONTINUES) and any(snapshot.host == settings.host for snapshot in snapshots):
        raise Error(
            f"the repository has snapshots of {settings.host} that this installation has neither made nor restored; "
            f"restore them first (playbook restore_host), or create {CONTINUES} to begin anew"
        )


# --- putting a snapshot together ---


def _stage(settings: Settings, stage: str) -> Mapping[str, Any]:
    store = os.path.join(stage, STORE)
    os.mkdir(store, 0o700)
    if settings.database and os.path.exists(settings.database):
        database_host.copy_database(settings.database, os.path.join(store, ACCOUNTS))
    for name in settings.postgresql_databases:
        target = os.path.join(store, f"postgresql-{name}.dump")
        argv = ["runuser", "-u", "postgres", "--", "pg_dump", "--format=custom", f"--dbname={name}"]
        _into_file(argv, target)
    queued = 0
    if settings.queue_directory and os.path.isdir(settings.queue_directory):
        queued = staging_host.stage_queue(settings.queue_directory, os.path.join(stage, QUEUE))
    # Mail last: the accounts of all that is in it are in the store, or they have been deleted meanwhile.
    counts = {}
    if os.path.isdir(settings.mail_directory):
        counts = staging_host.stage_mail(settings.mail_directory, os.path.join(stage, MAIL))
    manifest = {
        "host": settings.host,
        "time": int(time.time()),
        "files": {name: _digest(os.path.join(store, name)) for name in sorted(os.listdir(store))},
        "mailboxes": {
            name: {"messages": count.messages, "folders": count.folders, "settled": count.settled}
            for name, count in sorted(counts.items())
        },
        "queue": queued,
        **files_host.names_of_owners(),
    }
    with open(os.path.join(stage, MANIFEST), "w", encoding="utf-8") as handle:
        json.dump(manifest, handle, indent=1)
    return manifest


def _into_file(argv: list[str], target: str) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        for piece in commands.stream(argv, 1 << 20):
            handle.write(piece)


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as handle:
        for piece in iter(lambda: handle.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


# --- the trial restore ---


def _trial(settings: Settings, repository: Repository, snapshot: Snapshot, trial: str) -> Comparison:
    root = snapshot.root or ""
    manifest = json.loads(repository.read(snapshot.id, f"{root}/{MANIFEST}"))
    filled = [name for name, count in manifest["mailboxes"].items() if count["messages"]]
    chosen = sorted(random.sample(filled, min(settings.verify_mailboxes, len(filled))))
    repository.restore(snapshot.id, [f"{root}/{STORE}", *(f"{root}/{MAIL}/{name}" for name in chosen)], trial)
    restored = f"{trial}{root}"
    for name, digest in manifest["files"].items():
        path = f"{restored}/{STORE}/{name}"
        if not os.path.exists(path) or _digest(path) != digest:
            raise Error(f"the trial restore of {name} from snapshot {snapshot.id[:8]} is not what was saved")
        if name.endswith(".sqlite") and database_host.faults(path):
            raise Error(f"{name} in snapshot {snapshot.id[:8]} is damaged: {database_host.faults(path)}")
    compared = sum(_compare(settings, snapshot, manifest, f"{restored}/{MAIL}", name) for name in chosen)
    return Comparison(len(chosen), compared, len(manifest["files"]))


def _compare(settings: Settings, snapshot: Snapshot, manifest: Mapping[str, Any], restored: str, name: str) -> int:
    """Compare a mailbox with the manifest, and its messages with those that are still there; returns how many were."""
    there = _messages(os.path.join(restored, name))
    if len(there) != manifest["mailboxes"][name]["messages"]:
        raise Error(
            f"snapshot {snapshot.id[:8]}: {len(there)} messages came back of the mailbox {name}, "
            f"which had {manifest['mailboxes'][name]['messages']}"
        )
    live = _messages(os.path.join(settings.mail_directory, name))
    compared = 0
    for key in there.keys() & live.keys():
        try:
            same = filecmp.cmp(there[key], live[key], shallow=False)
        except FileNotFoundError:
            continue
        if not same:
            raise Error(f"snapshot {snapshot.id[:8]}: {key[1]} in the mailbox {name} is not what is on the host")
        compared += 1
    return compared


def _messages(mailbox: str) -> dict[tuple[str, str], str]:
    """The files of messages by folder and base."""
    found = {}
    for folder, _folders, names in os.walk(mailbox):
        if os.path.basename(folder) in MESSAGE_FOLDERS:
            for name in names:
                found[os.path.dirname(folder)[len(mailbox) :], base(name)] = os.path.join(folder, name)
    return found
