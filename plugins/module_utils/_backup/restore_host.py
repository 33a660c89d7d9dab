# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``mail_restore``, a snapshot and what is on the host to a plan."""

from __future__ import annotations

import io
import json
import os
import tarfile
import time
from collections.abc import Iterator, Mapping, Sequence
from email import policy
from email.parser import BytesHeaderParser
from typing import Any

from .._engine.errors import Error, refuse
from .._engine.files import private_directory
from .._engine.plan import Plan, Step
from . import account_rows, database_host, files_host, homes, moving_host, queue_host, selection
from .homes import Home, Key
from .jobs_host import mark_continued
from .moving_host import Task
from .restic_host import Repository, load
from .selection import Selection, selection_from
from .snapshots import ACCOUNTS, MAIL, MANIFEST, STORE, Snapshot, choose
from .staging_host import work_parent

SHOWN = 10
HEADERS = 1 << 18


def plan_restore(params: Mapping[str, Any]) -> Plan:
    """Decide what comes back. Everything is read and refused here, before anything is touched."""
    wanted = selection_from(params)
    refuse(selection.problems(wanted, params))
    settings = load()
    repository = Repository(settings)
    snapshot = choose(repository.snapshots(), params["snapshot"], params["host"] or settings.host)
    manifest = json.loads(repository.read(snapshot.id, f"{snapshot.root}/{MANIFEST}"))
    mail, tasks = _plan_mail(params, repository, snapshot, wanted)
    queue, queued = _plan_queue(params, repository, snapshot)
    parts = [
        mail,
        queue,
        _plan_accounts(params, repository, snapshot, manifest, wanted),
        _plan_paths(params, repository, snapshot, manifest),
    ]
    steps = [step for part in parts for step in part.steps]
    if tasks or queued:
        # First, for here a damaged repository shows, and before anything is moved.
        moving = moving_host.Moving(repository, snapshot, wanted.wholes, tasks, queued)
        steps.insert(0, Step(moving.summary, lambda: _move(moving)))
    if wanted.everything and steps:
        # From here on the snapshots of this host are those of this installation.
        steps.append(Step("let backups go on", mark_continued, changes=False))
    result: dict[str, Any] = {"snapshot": {"id": snapshot.id[:8], "time": snapshot.time, "host": snapshot.host}}
    for part in parts:
        result.update(part.result)
    return Plan(
        before={name: text for part in parts for name, text in part.before.items()},
        after={name: text for part in parts for name, text in part.after.items()},
        steps=steps,
        result=result,
        warnings=[warning for part in parts for warning in part.warnings],
    )


# --- mail ---


def _plan_mail(
    params: Mapping[str, Any], repository: Repository, snapshot: Snapshot, wanted: Selection
) -> tuple[Plan, list[Task]]:
    if not wanted.has_mail:
        return Plan(result={"mailboxes": {}, "messages": 0}), []
    mail_directory = repository.settings.mail_directory
    if not os.path.isdir(mail_directory):
        raise Error(f"{mail_directory} does not exist; run the playbook site on this host first; nothing was changed")
    top = f"{snapshot.root}/{MAIL}"
    saved = _saved_homes(repository, snapshot, top, wanted)
    interrupted = moving_host.unfinished(mail_directory)
    tasks, newer, before, after = [], {}, {}, {}
    result: dict[str, Any] = {"mailboxes": {}}
    for home, content in sorted(saved.items()):
        present = moving_host.read_home(f"{mail_directory}/{home}")
        decision = homes.decide(content, present)
        if wanted.message:
            keys = _found(repository, snapshot, f"{top}/{home}", content, wanted.message)
            decision = homes.only(decision, content, keys)
            result["found"] = len(keys)
        elif decision.newer:
            newer[homes.address(home)] = [f"{homes.folder_name(key[0])}/{key[1]}" for key in decision.newer]
        if decision.changes or home in interrupted:
            tasks.append(Task(home, content, decision, whole=not wanted.message))
        name = f"mailbox {homes.address(home)}"
        before[name] = homes.describe(present)
        after[name] = homes.describe(present, decision.missing, decision.folders, decision.files)
        result["mailboxes"][homes.address(home)] = homes.summary(decision, content)
    if newer and params["newer"] == "refuse" and tasks:
        raise _newer_mail(newer, snapshot)
    result["messages"] = sum(len(task.decision.missing) for task in tasks)
    return Plan(before=before, after=after, result=result), tasks


def _move(moving: moving_host.Moving) -> Mapping[str, Any]:
    started = time.monotonic()
    moving.run()
    return {"seconds": round(time.monotonic() - started, 2)}


def _saved_homes(repository: Repository, snapshot: Snapshot, top: str, wanted: Selection) -> dict[str, Home]:
    """The homes that are selected; one that the snapshot lacks is an error."""
    found: dict[str, Home] = {}
    for whole in wanted.wholes:
        path = f"{top}/{whole}".rstrip("/")
        part = homes.homes_of(repository.entries(snapshot.id, path), top)
        if not part and whole:
            option, name = ("mailboxes", homes.address(whole)) if "/" in whole else ("domains", whole)
            raise Error(f"{option}: snapshot {snapshot.id[:8]} has no mail of {name}; nothing was changed")
        found.update(part)
    return found


def _newer_mail(newer: Mapping[str, Sequence[str]], snapshot: Snapshot) -> Error:
    lines = [
        f"- {mailbox}: {len(messages)} messages, such as {', '.join(messages[:3])}"
        for mailbox, messages in list(newer.items())[:SHOWN]
    ]
    more = f"\n- and {len(newer) - SHOWN} mailboxes more" if len(newer) > SHOWN else ""
    return Error(
        f"newer: there is mail on this host that snapshot {snapshot.id[:8]} lacks, nothing was changed; to keep it and "
        "add what is missing, run again with newer=merge:\n" + "\n".join(lines) + more,
        newer=dict(newer),
    )


def _found(repository: Repository, snapshot: Snapshot, path: str, home: Home, message: Mapping[str, str]) -> set[Key]:
    """The messages whose headers are those that are looked for; none is an error."""
    places = {f"{key[0]}/{file.place}": key for key, file in home.messages.items()}
    found = set()
    for name, head in _heads(repository, snapshot, path):
        key = next((places[place] for place in _tails(name) if place in places), None)
        if key is None or message.get("folder", "").casefold() not in ("", homes.folder_name(key[0]).casefold()):
            continue
        headers = BytesHeaderParser(policy=policy.default).parsebytes(head)
        if selection.matches(message, str(headers["Message-ID"] or ""), str(headers["Subject"] or "")):
            found.add(key)
    if not found:
        raise Error(f"message: snapshot {snapshot.id[:8]} has none like that in this mailbox; nothing was changed")
    return found


def _heads(repository: Repository, snapshot: Snapshot, path: str) -> Iterator[tuple[str, bytes]]:
    """The beginning of each file in a folder, through one archive that is never on a disk."""
    source = io.BufferedReader(_Pieces(repository.archive(snapshot.id, path)))
    with tarfile.open(fileobj=source, mode="r|") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content.read(HEADERS).split(b"\n\n", 1)[0] + b"\n\n"


def _tails(name: str) -> list[str]:
    """The ends of a path: how much of the way to a file an archive names depends on the version of restic."""
    parts = name.strip("/").split("/")
    return ["/".join(parts[number:]) for number in range(len(parts))]


class _Pieces(io.RawIOBase):
    """Pieces of bytes as something to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = next(self._pieces, b"")
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


# --- accounts, files, queue ---


def _plan_accounts(
    params: Mapping[str, Any],
    repository: Repository,
    snapshot: Snapshot,
    manifest: Mapping[str, Any],
    wanted: Selection,
) -> Plan:
    # A host with its accounts in a directory has none to bring back.
    if params["accounts"] == "none" or ACCOUNTS not in manifest["files"]:
        return Plan(result={"accounts": []})
    database = repository.settings.database
    present = database_host.read_tables(database) if database else {}
    if not present:
        raise Error(f"accounts: there is no database {database} on this host; run the playbook accounts or site first")
    with private_directory() as folder:
        copy = os.path.join(folder, ACCOUNTS)
        repository.fetch(snapshot.id, f"{snapshot.root}/{STORE}/{ACCOUNTS}", copy)
        saved = database_host.read_tables(copy)
    everything = wanted.everything or not wanted.has_mail
    belongs = account_rows.belongs_to(wanted.mailboxes, wanted.domains, everything)
    rows = account_rows.rows_to_put(saved, present, params["accounts"] == "replaced", belongs)
    names = account_rows.describe(rows, saved)
    missing = [
        name
        for table, found in rows.items()
        for row, name in zip(found, account_rows.describe({table: found}, saved))
        if tuple(row[column] for column in saved[table].key) not in present[table].rows
    ]
    return Plan(
        before={f"rows of {database}": "".join(f"{name}\n" for name in names if name not in missing)},
        after={f"rows of {database}": "".join(f"{name}{'' if name in missing else ' (as saved)'}\n" for name in names)},
        steps=[Step(f"bring back {len(names)} rows of accounts", lambda: database_host.put_rows(database, rows))]
        if names
        else [],
        result={"accounts": names},
    )


def _plan_paths(
    params: Mapping[str, Any], repository: Repository, snapshot: Snapshot, manifest: Mapping[str, Any]
) -> Plan:
    paths = [os.path.normpath(path) for path in params["paths"]]
    if not paths:
        return Plan(result={"files": []})
    with private_directory() as folder:
        found = files_host.differing(repository, snapshot.id, paths, manifest, folder)
    present = {path: "differs\n" if os.path.lexists(path) else "" for path in found.paths}
    return Plan(
        before=present,
        after=dict.fromkeys(found.paths, "as saved\n"),
        steps=[Step(f"bring back {', '.join(found.paths)}", lambda: files_host.put(found))] if found.paths else [],
        result={"files": found.paths},
    )


def _plan_queue(params: Mapping[str, Any], repository: Repository, snapshot: Snapshot) -> tuple[Plan, list[str]]:
    if not params["queue"]:
        return Plan(result={"queue": 0}), []
    places = queue_host.to_bring_back(repository, snapshot)
    after = "".join(f"{os.path.basename(place)} on hold\n" for place in places)
    return Plan(before={"queue": ""}, after={"queue": after}, result={"queue": len(places)}), places


def lock_of(params: Mapping[str, Any]) -> str:
    """The folder that a backup, a verification and a restore work in one after the other."""
    return work_parent(load())
