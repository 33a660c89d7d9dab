# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail and queue of a host, put together for a snapshot while both go on changing.

A walk over a live Maildir misses what is renamed behind its back: from ``new`` to ``cur``, when a flag is set, when a
message is moved to another folder. So each mailbox is staged first, by hard links: Dovecot never changes the file of a
message, and a link costs no room. It is listed again until two lists agree, and what changed between them is put right.
In a mailbox that never rests, a message may be in the stage twice, under two folders; none is left out.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from .._engine.errors import Error
from .maildir import MESSAGE_FOLDERS, UIDLIST, base, is_derived, whole_lines
from .settings import STATE_DIRECTORY, WORK, Settings

ATTEMPTS = 10
# Where Postfix keeps whole messages, in the order of their way; what it is still writing has no execute bit.
QUEUES = ("maildrop", "incoming", "active", "deferred", "hold")
COMPLETE = 0o100

# A folder below a mailbox and the base of a message, and where the file is: cur or new, and its name.
Listing = dict[tuple[str, str], str]


@dataclass
class Count:
    """What was staged of one mailbox."""

    messages: int = 0
    folders: int = 0
    settled: bool = True


def stage_mail(source: str, target: str) -> dict[str, Count]:
    """Stage everything below a mail directory; returns the mailboxes by their path below it."""
    counts: dict[str, Count] = {}
    for folder, is_mailbox in _walk(source):
        below = os.path.relpath(folder, source)
        place = os.path.normpath(os.path.join(target, below))
        _make_folder(folder, place)
        if is_mailbox:
            counts[below] = _stage_mailbox(folder, place)
        else:
            _copy_files(folder, place)
    return counts


def stage_queue(source: str, target: str) -> int:
    """Copy the messages in a queue; returns how many. A message that was delivered meanwhile may be in it."""
    copied: set[str] = set()
    for _attempt in range(ATTEMPTS):
        missed = False
        for queue in QUEUES:
            for path in _queue_files(os.path.join(source, queue)):
                name = os.path.basename(path)
                if name in copied:
                    continue
                place = os.path.join(target, os.path.relpath(path, source))
                try:
                    if not os.stat(path).st_mode & COMPLETE:
                        continue
                    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
                    shutil.copy2(path, place)
                except FileNotFoundError:
                    missed = True
                    continue
                copied.add(name)
        if not missed:
            break
    return len(copied)


def _walk(top: str) -> Iterator[tuple[str, bool]]:
    """Every folder, those with ``cur`` as mailboxes without what is below them."""
    pending = [top]
    while pending:
        folder = pending.pop()
        if _is_maildir(folder):
            yield folder, True
            continue
        yield folder, False
        pending += sorted(_subfolders(folder), reverse=True)


def _is_maildir(folder: str) -> bool:
    return os.path.isdir(os.path.join(folder, "cur"))


def _subfolders(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [item.path for item in entries if item.is_dir(follow_symlinks=False) and item.name != WORK]
    except FileNotFoundError:
        return []


def _stage_mailbox(source: str, target: str) -> Count:
    staged: Listing = {}
    previous: Listing = {}
    settled = False
    for _attempt in range(ATTEMPTS):
        listing = _listing(source)
        for key, place in listing.items():
            _put(source, target, key, place, staged)
        settled = listing == previous and all(staged.get(key) == place for key, place in listing.items())
        if settled:
            # What is in neither list was deleted, or is in its new folder.
            for key in staged.keys() - listing.keys():
                os.unlink(os.path.join(target, key[0], staged.pop(key)))
            break
        previous = listing
    folders = _maildirs(source)
    for folder in folders:
        place = os.path.join(target, folder)
        _make_folder(os.path.join(source, folder), place)
        for name in MESSAGE_FOLDERS:
            os.makedirs(os.path.join(place, name), mode=0o700, exist_ok=True)
        _copy_files(os.path.join(source, folder), place)
    return Count(len(staged), len(folders), settled)


def _maildirs(mailbox: str) -> list[str]:
    """The folders of a mailbox, relative to it; itself is "."."""
    found, pending = [], [mailbox]
    while pending:
        folder = pending.pop()
        if _is_maildir(folder) or folder == mailbox:
            found.append(os.path.relpath(folder, mailbox))
        inner = (*MESSAGE_FOLDERS, "tmp")
        pending += [path for path in _subfolders(folder) if os.path.basename(path) not in inner]
    return sorted(found)


def _listing(mailbox: str) -> Listing:
    """Where each message is. ``new`` is read before ``cur``, which is the way that messages go."""
    found: Listing = {}
    for folder in _maildirs(mailbox):
        for place in MESSAGE_FOLDERS:
            try:
                names = os.listdir(os.path.join(mailbox, folder, place))
            except FileNotFoundError:
                continue
            for name in names:
                if not name.startswith("."):
                    found[folder, base(name)] = f"{place}/{name}"
    return found


def _put(source: str, target: str, key: tuple[str, str], place: str, staged: Listing) -> None:
    """Link a message, or rename the link to it; one that is renamed at this moment comes with the next list."""
    here = staged.get(key)
    if here == place:
        return
    link = os.path.join(target, key[0], place)
    os.makedirs(os.path.dirname(link), mode=0o700, exist_ok=True)
    if here is not None:
        os.rename(os.path.join(target, key[0], here), link)
        staged[key] = place
        return
    try:
        os.link(os.path.join(source, key[0], place), link, follow_symlinks=False)
    except FileNotFoundError:
        return
    staged[key] = place


def _make_folder(source: str, target: str) -> None:
    os.makedirs(target, mode=0o700, exist_ok=True)
    try:
        status = os.stat(source)
    except FileNotFoundError:
        return
    os.chown(target, status.st_uid, status.st_gid)
    os.chmod(target, stat.S_IMODE(status.st_mode))


def _copy_files(source: str, target: str) -> None:
    """The other files of a folder: lists of UIDs and keywords, subscriptions, scripts."""
    for name in sorted(os.listdir(source)) if os.path.isdir(source) else ():
        path, place = os.path.join(source, name), os.path.join(target, name)
        try:
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                os.symlink(os.readlink(path), place)
                os.chown(place, status.st_uid, status.st_gid, follow_symlinks=False)
            elif stat.S_ISREG(status.st_mode) and not is_derived(name):
                shutil.copyfile(path, place)
                if name == UIDLIST:
                    _drop_half_line(place)
                os.chown(place, status.st_uid, status.st_gid)
                os.chmod(place, stat.S_IMODE(status.st_mode))
                os.utime(place, ns=(status.st_mtime_ns, status.st_mtime_ns))
        except FileNotFoundError:
            continue


def _drop_half_line(path: str) -> None:
    with open(path, encoding="utf-8", errors="surrogateescape") as handle:
        text = handle.read()
    if not text.endswith("\n"):
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as handle:
            handle.write(whole_lines(text))


def _queue_files(queue: str) -> Iterator[str]:
    for folder, _folders, names in os.walk(queue):
        for name in names:
            yield os.path.join(folder, name)


def work_parent(settings: Settings) -> str:
    """Where work is done: beside the mail, or beside our own state on a host without mail."""
    return settings.mail_directory if os.path.isdir(settings.mail_directory) else STATE_DIRECTORY


def fresh_work(parent: str, name: str) -> str:
    """An empty private folder on the file system of ``parent``; what an interrupted run left there is removed."""
    if not os.path.isdir(parent):
        raise Error(f"{parent} does not exist; run the playbook site on this host first; nothing was changed")
    work = os.path.join(parent, WORK)
    os.makedirs(work, mode=0o700, exist_ok=True)
    folder = os.path.join(work, name)
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    os.mkdir(folder, 0o700)
    return folder
