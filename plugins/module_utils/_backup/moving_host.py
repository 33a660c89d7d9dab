# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail from a staging folder into the mailboxes of a running Dovecot: the only file that changes them.

Everything is restored beside the mail first and looked at. Then each message is renamed into its folder, so that it is
there whole or not at all. Keywords are numbered as the folder has them already. The list of UIDs comes last, where the
folder has none, or one with another UIDVALIDITY: a host that was rebuilt. Otherwise Dovecot gives new UIDs, as clients
were told that the old ones are gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from .._engine.errors import Error
from . import maildir, queue_host
from .homes import Decision, Home
from .maildir import KEYWORDS, MESSAGE_FOLDERS, UIDLIST
from .restic_host import Repository
from .settings import WORK
from .snapshots import MAIL, QUEUE, Snapshot
from .staging_host import fresh_work, work_parent

# Up to so many messages are restored by their names, more of them with the whole of their folder.
FEW = 200
LOCK_TIME, LOCK_PAUSE = 60.0, 0.1


@dataclass(frozen=True)
class Task:
    """One mailbox that something comes back to; ``home`` is DOMAIN/LOCALPART."""

    home: str
    saved: Home
    decision: Decision
    # Whether the mailbox as such comes back, not just a few messages.
    whole: bool


def read_home(path: str) -> Home:
    """A home on the host; an empty one when it does not exist."""
    home = Home()
    for folder, folders, names in os.walk(path):
        for name in [*folders, *names]:
            whole = os.path.join(folder, name)
            with contextlib.suppress(FileNotFoundError):
                status = os.lstat(whole)
                kind = "dir" if name in folders and not os.path.islink(whole) else "file"
                home.add(os.path.relpath(whole, path), kind, status.st_size, status.st_mtime_ns)
    return home


def unfinished(mail_directory: str) -> set[str]:
    """The homes that an interrupted restore was working on."""
    try:
        with open(_journal(mail_directory), encoding="utf-8") as handle:
            return set(json.load(handle))
    except (FileNotFoundError, ValueError):
        return set()


@dataclass(frozen=True)
class Moving:
    """Everything that is restored beside the mail and then moved: mailboxes, and messages of the queue.

    ``wholes`` are the folders of mail in the snapshot that hold all that is selected.
    """

    repository: Repository
    snapshot: Snapshot
    wholes: Sequence[str]
    tasks: Sequence[Task]
    queued: Sequence[str]

    @property
    def summary(self) -> str:
        count = sum(len(task.decision.missing) for task in self.tasks)
        mail = [f"bring back {count} messages in {len(self.tasks)} mailboxes"] if self.tasks else []
        return ", ".join(mail + ([f"put {len(self.queued)} messages on hold in the queue"] if self.queued else []))

    def run(self) -> None:
        parent = work_parent(self.repository.settings)
        stage = fresh_work(parent, "restore")
        try:
            self._restore(stage)
            staged = f"{stage}{self.snapshot.root}"
            if self.tasks:
                self._move_mail(f"{staged}/{MAIL}")
            if self.queued:
                queue_host.bring_back(self.repository.settings, self.snapshot.id, f"{staged}/{QUEUE}", self.queued)
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _restore(self, stage: str) -> None:
        """Everything, and refuse it unless all of it is whole."""
        few = sum(len(task.decision.missing) for task in self.tasks) <= FEW
        mail = [path for task in self.tasks for path in _paths(task)] if few else list(self.wholes)
        root = self.snapshot.root
        queue = [f"{root}/{QUEUE}"] if self.queued else []
        self.repository.restore(self.snapshot.id, [f"{root}/{MAIL}/{path}".rstrip("/") for path in mail] + queue, stage)
        _refuse_what_is_not_whole(f"{stage}{root}/{MAIL}", self.tasks)
        lacking = [place for place in self.queued if not os.path.exists(f"{stage}{root}/{QUEUE}/{place}")]
        if lacking:
            raise Error(f"{', '.join(lacking)} did not come back from the repository; nothing was changed")

    def _move_mail(self, staged: str) -> None:
        mail_directory = self.repository.settings.mail_directory
        with open(_journal(mail_directory), "w", encoding="utf-8") as handle:
            json.dump([task.home for task in self.tasks], handle)
        owner = os.stat(mail_directory)
        for task in self.tasks:
            _Mover(f"{staged}/{task.home}", f"{mail_directory}/{task.home}", owner).move(task)
        # On the disk before it counts as done.
        os.sync()
        os.unlink(_journal(mail_directory))


def _journal(mail_directory: str) -> str:
    return os.path.join(mail_directory, WORK, "unfinished.json")


def _paths(task: Task) -> list[str]:
    """What to restore of a mailbox, message by message."""
    folders = {folder for folder, _name in task.decision.missing} | set(task.saved.folders if task.whole else ())
    lists = [f"{folder}/{name}" for folder in sorted(folders) for name in (UIDLIST, KEYWORDS)]
    messages = [f"{key[0]}/{task.saved.messages[key].place}" for key in task.decision.missing]
    return [f"{task.home}/{path}" for path in [*lists, *messages, *task.decision.files]]


def _refuse_what_is_not_whole(staged: str, tasks: Sequence[Task]) -> None:
    """Nothing is moved before all of it is there."""
    for task in tasks:
        for key in task.decision.missing:
            file = task.saved.messages[key]
            path = f"{staged}/{task.home}/{key[0]}/{file.place}"
            if not os.path.exists(path) or os.path.getsize(path) != file.size:
                raise Error(f"{key[1]} of {task.home} did not come back from the repository whole; nothing was changed")


class _Mover:
    """Moves the files of one mailbox from ``source`` to ``target``. They get the owner whose status ``owner`` is."""

    def __init__(self, source: str, target: str, owner: os.stat_result) -> None:
        self.source, self.target, self.owner = source, target, owner

    def move(self, task: Task) -> None:
        self._make_folders(os.path.dirname(self.target))
        missing: dict[str, list[str]] = {folder: [] for folder in sorted(task.saved.folders)} if task.whole else {}
        for key in task.decision.missing:
            missing.setdefault(key[0], []).append(task.saved.messages[key].place)
        for folder, places in missing.items():
            self._fill(folder, places, task.whole)
        for path in task.decision.files:
            if os.path.lexists(f"{self.source}/{path}"):
                self._make_folders(os.path.dirname(f"{self.target}/{path}"))
                self._put(f"{self.source}/{path}", f"{self.target}/{path}")

    def _fill(self, folder: str, places: Sequence[str], whole: bool) -> None:
        source, target = f"{self.source}/{folder}", f"{self.target}/{folder}"
        for name in (*MESSAGE_FOLDERS, "tmp"):
            self._make_folders(f"{target}/{name}")
        theirs, ours = self._keywords(source, target, places)
        for place in places:
            subfolder, _slash, name = place.partition("/")
            self._put(f"{source}/{place}", f"{target}/{subfolder}/{maildir.renamed(name, theirs, ours)}")
        self._uids(source, target, whole)

    def _keywords(self, source: str, target: str, places: Sequence[str]) -> tuple[Mapping[int, str], Mapping[int, str]]:
        """How keywords are numbered in the snapshot and, with those added that are needed, in the folder."""
        theirs = maildir.parse_keywords(_read(f"{source}/{KEYWORDS}"))
        used = maildir.used_keywords([place.partition("/")[2] for place in places], theirs)
        present = _read(f"{target}/{KEYWORDS}")
        ours = maildir.parse_keywords(present)
        merged = maildir.merged_keywords(ours, used) if present is not None else theirs
        if merged != ours:
            with _locked(target):
                merged = maildir.merged_keywords(maildir.parse_keywords(_read(f"{target}/{KEYWORDS}")), merged.values())
                merged = theirs if present is None else merged
                self._write(f"{target}/{KEYWORDS}", maildir.render_keywords(merged))
        return theirs, merged

    def _uids(self, source: str, target: str, whole: bool) -> None:
        saved, present = _read(f"{source}/{UIDLIST}"), _read(f"{target}/{UIDLIST}")
        differ = maildir.uid_validity(saved) != maildir.uid_validity(present)
        if saved is None or not maildir.uid_validity(saved) or (present is not None and not (whole and differ)):
            return
        with _locked(target):
            self._write(f"{target}/{UIDLIST}", maildir.with_gap(saved))
            for name in os.listdir(target):
                if name.startswith("dovecot.index"):
                    os.unlink(f"{target}/{name}")

    def _make_folders(self, path: str) -> None:
        if os.path.isdir(path):
            return
        self._make_folders(os.path.dirname(path))
        os.mkdir(path, 0o700)
        os.chown(path, self.owner.st_uid, self.owner.st_gid)

    def _put(self, source: str, target: str) -> None:
        os.chown(source, self.owner.st_uid, self.owner.st_gid, follow_symlinks=False)
        try:
            os.rename(source, target)
        except OSError as error:
            raise Error(
                f"{target}: {error.strerror}; what came back before it stays, run again when that is put right"
            ) from error

    def _write(self, path: str, text: str) -> None:
        draft = f"{path}.postfix_manager"
        with open(draft, "w", encoding="utf-8", errors="surrogateescape") as handle:
            os.fchown(handle.fileno(), self.owner.st_uid, self.owner.st_gid)
            os.fchmod(handle.fileno(), 0o600)
            handle.write(text)
        os.rename(draft, path)


@contextlib.contextmanager
def _locked(folder: str) -> Iterator[None]:
    """Hold Dovecot's own lock on the lists of a folder: the presence of a file."""
    path, deadline = f"{folder}/{UIDLIST}.lock", time.monotonic() + LOCK_TIME
    while True:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            break
        except FileExistsError as error:
            if time.monotonic() > deadline:
                raise Error(f"{path} has been there for {LOCK_TIME:g} seconds; look which program holds it") from error
            time.sleep(LOCK_PAUSE)
    try:
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _read(path: str) -> Optional[str]:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as handle:
            return handle.read()
    except FileNotFoundError:
        return None
