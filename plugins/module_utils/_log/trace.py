# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One message, or those of an address, from connect to mailbox: which lines belong to it, in which daemon and host.

The log is read several times. Each pass looks for the names known so far (queue ids, message ids) and learns the names
that the lines found bring: the queue id behind a message id, the next queue id behind "queued as", and so on, until
nothing new comes. So memory holds the lines of these messages alone. The last pass adds the SMTP session around them.
"""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Callable

from .._engine.privacy import Privacy
from .times import Clock, utc
from .verdicts import AMAVIS_NAMES, verdict

PASSES = 6
# Names of one message; a mailing to thousands is cut.
NAMES_LIMIT = 200
LINES_LIMIT = 500
SESSION_LINES = 50
# A queue id and the message id that cleanup logged for it; notifications and the next hop's queue id.
MESSAGE_ID = re.compile(rb": (?P<queue>[0-9A-Za-z]{6,}): (?:resent-)?message-id=(?P<message><[^>]*>)")
QUEUE_ID = re.compile(rb": (?P<queue>[0-9A-Za-z]{6,}): (?!client=\[)")
NEXT = re.compile(rb"(?:queued as|queued_as:|forwarded as|notification:|Queue-ID:) (?P<queue>[0-9A-Za-z]{6,})\b")
# What rspamd writes for a message without an id is no id.
MSGID = re.compile(rb"(?:\bmsgid=|\bid: |\bMessage-ID: )(?P<message><(?!undef>)[^>]*>)")
# What a time stamp has beside the seconds: it orders the lines of hosts that hand over within one.
FRACTION = re.compile(rb"\S+?[T ]\d\d:\d\d:\d\d(\.\d+)")
SESSION = re.compile(rb" (?P<tag>[^ \[]*smtpd\[\d+\]): ")
# rspamd's own log: 2026-11-25 10:13:41 #12(rspamd_proxy) <8f3e1a>; proxy; rspamd_task_write_log: ...
RSPAMD = re.compile(rb"\S+ \S+ #(?P<pid>\d+)\([^)]*\) (?P<text>.*)", re.DOTALL)
WORDS = re.compile(rb"^(?:NOQUEUE|warning|fatal|panic|error|statistics|connect|disconnect)$")


@dataclass
class Search:
    """What is looked for, and what was found. Names are bytes as they stand in the log."""

    names: set[bytes]
    # Names that other messages may have, too, such as an address: they find lines, which then bring the others.
    seeds: set[bytes] = field(default_factory=set)
    lines: list[bytes] = field(default_factory=list)
    cut: bool = False


def traced(read: Callable[[], Iterable[bytes]], wanted: Mapping[str, Iterable[str]]) -> Search:
    """The lines of what is wanted (``message_id``, ``queue_id``, ``address``). ``read`` gives the log anew."""
    search = Search(set())
    for name, values in wanted.items():
        for value in values:
            _seed(search, name, value.encode("utf-8", "surrogateescape"))
    for _number in range(PASSES):
        before = len(search.names)
        for line in _lines(read(), search.names | search.seeds):
            _learn(search, line)
        if len(search.names) == before:
            break
    search.lines = list(_with_sessions(read(), search))
    return search


def _seed(search: Search, name: str, value: bytes) -> None:
    if name == "queue_id":
        search.names.add(value)
    elif name == "message_id":
        bare = value.strip(b"<>")
        search.names.add(b"<" + bare + b">")
        # Some programs leave the brackets out.
        search.seeds.add(b"message-id=" + bare)
    else:
        search.seeds.add(b"<" + value.strip(b"<>") + b">")


def _lines(blocks: Iterable[bytes], needles: set[bytes]) -> Iterator[bytes]:
    """The lines that hold one of the needles. Most blocks hold none and are searched at the speed of memory."""
    found_one = _pattern(needles)
    for block in blocks:
        if not any(needle in block for needle in needles):
            continue
        yield from (line for line in block.split(b"\n") if found_one.search(line))


def _pattern(names: set[bytes]) -> re.Pattern[bytes]:
    """Any of the names, not as a part of a longer word."""
    return re.compile(rb"(?<![0-9A-Za-z])(?:" + b"|".join(map(re.escape, sorted(names))) + rb")(?![0-9A-Za-z])")


def _learn(search: Search, line: bytes) -> None:
    """The names in a line of a message."""
    learned: set[bytes] = set()
    found = MESSAGE_ID.search(line)
    if found is not None:
        learned |= {found["queue"], found["message"]}
    for pattern in (QUEUE_ID, NEXT, MSGID):
        found = pattern.search(line)
        if found is not None:
            learned |= {name for name in found.groups() if name and not WORDS.match(name)}
    # A name needs a digit: words end at a colon, too. Message ids stand in angle brackets.
    learned = {name for name in learned if name[:1] == b"<" or any(48 <= byte < 58 for byte in name)}
    room = NAMES_LIMIT - len(search.names)
    new = sorted(learned - search.names - {b"<>"})
    search.cut = search.cut or len(new) > room
    search.names.update(new[:room])


def _with_sessions(blocks: Iterable[bytes], search: Search) -> Iterator[bytes]:
    """The lines of the messages, and the connection that each came in by."""
    if not search.names | search.seeds:
        return
    wanted = _pattern(search.names | search.seeds)
    sessions: OrderedDict[bytes, deque[bytes]] = OrderedDict()
    inside: set[bytes] = set()
    count = 0
    for block in blocks:
        for line in block.split(b"\n"):
            session = SESSION.search(line)
            ours = wanted.search(line) is not None
            tag = session["tag"] if session else b""
            if tag and b": connect from " in line:
                sessions[tag] = deque([line], maxlen=SESSION_LINES)
                inside.discard(tag)
                continue
            if ours or tag in inside:
                for kept in [*sessions.pop(tag, ()), line]:
                    count += 1
                    if count > LINES_LIMIT:
                        search.cut = True
                        return
                    yield kept
                if tag:
                    inside.add(tag)
                if b": disconnect from " in line:
                    inside.discard(tag)
            elif tag in sessions:
                sessions[tag].append(line)
        while len(sessions) > 10_000:
            sessions.popitem(last=False)


def events(search: Search, clock: Clock, privacy: Privacy) -> dict[str, Any]:
    """The trace as a return value, in the order of time."""
    rows = [_event(line, clock) for line in search.lines]
    rows.sort(key=lambda row: row["moment"])
    queue_ids: Sequence[bytes] = sorted(name for name in search.names if name[:1] != b"<")
    return {
        "queue_ids": [name.decode() for name in queue_ids],
        "message_ids": [privacy.text(_text(name)) for name in sorted(search.names) if name[:1] == b"<"],
        "events": [
            {
                "time": utc(row["moment"]),
                "host": row["host"],
                "program": privacy.text(_text(row["program"])),
                "text": privacy.text(_text(row["text"])),
            }
            for row in rows
        ],
        "verdicts": list(_verdicts(rows)),
        "cut": search.cut,
    }


def _event(line: bytes, clock: Clock) -> dict[str, Any]:
    fraction = FRACTION.match(line)
    moment = (clock.epoch(line) or 0) + (float(fraction[1]) if fraction else 0)
    own = RSPAMD.match(line)
    if own is not None:
        return {"moment": moment, "host": "", "program": b"rspamd[" + own["pid"] + b"]", "text": own["text"]}
    head, _colon, text = line.partition(b": ")
    words = head.split(b" ")
    return {
        "moment": moment,
        "host": _text(words[-2]) if len(words) > 1 and b":" not in words[-2] else "",
        "program": words[-1],
        "text": text,
    }


def _verdicts(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        name = row["program"].rpartition(b"/")[2].partition(b"[")[0]
        found = verdict(b"amavis" if name in AMAVIS_NAMES else name, row["text"])
        if found is not None:
            yield {
                "time": utc(row["moment"]),
                "host": row["host"],
                "verdict": _text(found.name),
                "kind": found.kind,
                "score": found.score,
            }


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
