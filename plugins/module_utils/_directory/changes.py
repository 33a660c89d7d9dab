# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a content synchronisation (RFC 4533) tells, as changes of entries. Pure.

After a lost connection the server tells again what may have been changed meanwhile, or which entries are still there.
So the name and a digest of each entry are kept: only what differs from them is a change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from . import messages
from .messages import Entry, Message, SyncInfo, SyncState
from .values import as_json, is_secret

ADD, MODIFY, DELETE = "add", "modify", "delete"


class Known(NamedTuple):
    dn: str
    digest: bytes


class Content:
    """What is known of the entries of one search. ``complete`` once all of them were told."""

    def __init__(self) -> None:
        self.cookie = b""
        self.complete = False
        self._entries: dict[bytes, Known] = {}
        self._seen: set[bytes] = set()
        self._whole = True

    def begin(self) -> None:
        """A session begins. Without a cookie the server tells all entries anew."""
        self._seen, self._whole = set(), not self.cookie

    def take(self, answer: Message) -> list[dict[str, Any]]:
        """The changes that an answer tells."""
        if answer.tag == messages.INTERMEDIATE:
            return self._info(messages.read_sync_info(answer))
        state = messages.read_sync_state(answer) if answer.tag == messages.ENTRY else None
        return [] if state is None else self._entry(messages.read_entry(answer), state)

    def _entry(self, entry: Entry, state: SyncState) -> list[dict[str, Any]]:
        self.cookie = state.cookie or self.cookie
        if state.state == messages.SYNC_DELETE:
            return self._gone([state.uuid])
        self._seen.add(state.uuid)
        if state.state == messages.SYNC_PRESENT:
            return []
        before, now = self._entries.get(state.uuid), Known(entry.dn, _digest(entry.attributes))
        self._entries[state.uuid] = now
        if before == now:
            return []
        told = _told(entry.dn, MODIFY if before else ADD, state.uuid, entry.attributes)
        return [{**told, "old_dn": before.dn} if before is not None and before.dn != entry.dn else told]

    def _info(self, info: SyncInfo) -> list[dict[str, Any]]:
        self.cookie = info.cookie or self.cookie
        gone: list[bytes] = []
        if info.kind == messages.SYNC_ID_SET and info.deletes:
            gone = list(info.uuids)
        elif info.kind == messages.SYNC_ID_SET:
            self._seen.update(info.uuids)
        elif info.kind == messages.SYNC_REFRESH_PRESENT or (info.done and self._whole):
            gone = [uuid for uuid in self._entries if uuid not in self._seen]
        self.complete = self.complete or info.done
        return self._gone(gone)

    def _gone(self, uuids: Iterable[bytes]) -> list[dict[str, Any]]:
        """Those that are not known were no entries of the search."""
        known = [(uuid, self._entries.pop(uuid)) for uuid in uuids if uuid in self._entries]
        return [_told(before.dn, DELETE, uuid, {}) for uuid, before in known]


def _told(dn: str, change: str, uuid: bytes, attributes: Mapping[str, list[bytes]]) -> dict[str, Any]:
    """A change as it leaves this host: nobody sees a secret."""
    shown = {name: as_json(values, False) for name, values in attributes.items() if not is_secret(name.lower())}
    return {"dn": dn, "change": change, "entry_uuid": str(UUID(bytes=uuid)), "attributes": shown}


def _digest(attributes: Mapping[str, list[bytes]]) -> bytes:
    listed = sorted((name, sorted(values)) for name, values in attributes.items())
    return hashlib.sha256(repr(listed).encode()).digest()
