# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The home of a mailbox, in a snapshot and on the host, and what has to come back from the one to the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .maildir import KEYWORDS, MESSAGE_FOLDERS, UIDLIST, base, is_derived
from .snapshots import NANOSECONDS, Entry

INBOX = "Maildir"
SUBSCRIPTIONS = "subscriptions"
# Those that a folder has of its own, put right with its messages.
LISTS = (UIDLIST, KEYWORDS)

# A folder of mail, relative to the home, and the base of a message in it.
Key = tuple[str, str]


@dataclass(frozen=True)
class File:
    """``place`` is relative to the folder of a message, or to the home for other files. ``mtime`` in nanoseconds."""

    place: str
    size: int
    mtime: int


@dataclass
class Home:
    """What one mailbox has."""

    folders: set[str] = field(default_factory=set)
    messages: dict[Key, File] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)

    def add(self, path: str, kind: str, size: int, mtime: int) -> None:
        """Take in one file or folder by its path relative to the home."""
        above, _slash, name = path.rpartition("/")
        folder, _slash, place = above.rpartition("/")
        if kind == "dir":
            if name == "cur":
                self.folders.add(above)
        elif place in MESSAGE_FOLDERS:
            # Dovecot takes no file for a message whose name begins with a dot.
            if not name.startswith("."):
                self.messages[folder, base(name)] = File(f"{place}/{name}", size, mtime)
        elif place != "tmp" and not is_derived(name) and name not in LISTS:
            self.files[path] = File(path, size, mtime)


@dataclass(frozen=True)
class Decision:
    """What a restore does to one mailbox, and what it finds there.

    ``missing`` comes back, ``moved`` is there in another folder, ``newer`` is there and not in the snapshot.
    """

    missing: Sequence[Key]
    moved: Sequence[Key]
    newer: Sequence[Key]
    folders: Sequence[str]
    files: Sequence[str]

    @property
    def changes(self) -> bool:
        return bool(self.missing or self.folders or self.files)


def homes_of(entries: Iterable[Entry], top: str) -> dict[str, Home]:
    """The homes in a snapshot, DOMAIN/LOCALPART each, from what lies below its folder of mail."""
    homes: dict[str, Home] = {}
    for entry in entries:
        parts = entry.path[len(top) :].strip("/").split("/", 2)
        if len(parts) < 2 or (len(parts) == 2 and entry.kind != "dir"):
            continue
        home = homes.setdefault("/".join(parts[:2]), Home())
        if len(parts) == 3:
            home.add(parts[2], entry.kind, entry.size, entry.mtime)
    return homes


def decide(saved: Home, present: Home) -> Decision:
    """What of ``saved`` has to come back.

    A message is there when its folder has its file under any flags. It is there, too, when another folder has a message
    that the snapshot lacks, of the same size and time to the nanosecond: Dovecot keeps both when it moves one. What is
    there is never touched, so a message comes back twice rather than not.
    """
    extra = {key: file for key, file in present.messages.items() if key not in saved.messages}
    by_identity: dict[tuple[int, int], list[Key]] = {}
    for key, file in extra.items():
        if file.mtime % NANOSECONDS:
            by_identity.setdefault((file.size, file.mtime), []).append(key)
    missing, moved = [], []
    for key, file in saved.messages.items():
        if key in present.messages:
            continue
        same = by_identity.get((file.size, file.mtime))
        if same:
            del extra[same.pop()]
            moved.append(key)
        else:
            missing.append(key)
    fresh = not moved and not any(key in present.messages for key in saved.messages)
    return Decision(
        missing=sorted(missing),
        moved=sorted(moved),
        newer=sorted(extra),
        folders=sorted(saved.folders - present.folders),
        files=sorted(path for path in saved.files if _comes_back(path, saved, present, fresh)),
    )


def _comes_back(path: str, saved: Home, present: Home, fresh: bool) -> bool:
    """Other files come back where they are missing. On a fresh host a login may have begun a list of subscriptions."""
    if path not in present.files:
        return True
    mine, theirs = saved.files[path], present.files[path]
    return fresh and path.endswith(f"/{SUBSCRIPTIONS}") and (mine.size, mine.mtime) != (theirs.size, theirs.mtime)


def only(decision: Decision, saved: Home, wanted: set[Key]) -> Decision:
    """The part of a decision that concerns a few messages, and the folders they need."""
    missing = [key for key in decision.missing if key in wanted]
    needed = {folder for folder, _name in missing}
    folders = [folder for folder in decision.folders if folder in needed]
    return Decision(missing, [key for key in decision.moved if key in wanted], [], folders, [])


def address(home: str) -> str:
    """DOMAIN/LOCALPART as an address."""
    domain, _slash, local = home.partition("/")
    return f"{local}@{domain}"


def home_of(mailbox: str) -> str:
    local, _at, domain = mailbox.lower().rpartition("@")
    return f"{domain}/{local}"


def folder_name(folder: str) -> str:
    """A folder as people name it."""
    below = folder.partition("/.")[2]
    return below.replace(".", "/") if below else "INBOX"


def counts(keys: Iterable[Key]) -> dict[str, int]:
    """How many messages there are by folder."""
    found: dict[str, int] = {}
    for folder, _name in keys:
        found[folder_name(folder)] = found.get(folder_name(folder), 0) + 1
    return dict(sorted(found.items()))


def describe(home: Home, more: Sequence[Key] = (), folders: Sequence[str] = (), files: Sequence[str] = ()) -> str:
    """The state of a mailbox for a diff."""
    found = {folder_name(folder): 0 for folder in [*home.folders, *folders]}
    found.update(counts([*home.messages, *more]))
    lines = [f"{name}: {number} messages\n" for name, number in sorted(found.items())]
    return "".join(lines + [f"{path}\n" for path in sorted({*home.files, *files})])


def summary(decision: Decision, saved: Home) -> Mapping[str, Any]:
    """What is reported of a mailbox."""
    return {
        "restored": len(decision.missing),
        "present": len(saved.messages) - len(decision.missing) - len(decision.moved),
        "moved": len(decision.moved),
        "newer": len(decision.newer),
        "folders": counts(decision.missing),
        "files": list(decision.files),
    }
