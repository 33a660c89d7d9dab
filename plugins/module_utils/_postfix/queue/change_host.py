# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What mail_queue declares, done to the messages on the host: selected as the list comes, looked at again, changed."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from functools import partial
from typing import Any, Optional

from ..._engine import commands
from ..._engine.errors import Error, refuse
from ..._engine.plan import Plan, Step
from .actions import Action
from .archive_host import Archive, unusable_folder
from .filters import select
from .messages import CORRUPT, Message, headline, shown
from .queue_host import PATIENCE, Queue, is_same, open_queue
from .request import Request, read_request

# So many messages are looked at again and then changed at once, so that little time is between the two.
CHUNK = 2500
WORKERS = 4


def plan_change(params: Mapping[str, Any]) -> Plan:
    """Decide from the options of ``mail_queue`` and the present queue."""
    request = read_request(params)
    refuse(unusable_folder(request.archive) if request.archive else [])
    queue = open_queue(params)
    if queue is None:
        return _without("Postfix is not installed on this host", "install the package postfix", installed=False)
    if os.geteuid() != 0:
        raise Error("only root may change the queue; use become: true; nothing was changed")
    since = time.time()
    affected: list[Message] = []
    listed: list[dict[str, Any]] = []
    before, after, selected = [], [], 0
    concerns, privacy = request.action.concerns, request.privacy
    for message in select(queue.messages(), request.filter, since, queue.envelopes):
        selected += 1
        if not concerns(message):
            continue
        if len(listed) < request.list_limit:
            listed.append(shown(message, since, request.recipient_limit, privacy))
            before.append(headline(message, privacy))
            after.append(_then(message, request))
        # Recipients and reasons are dropped: there may be a hundred thousand messages.
        affected.append(message._replace(recipients=(), sender=""))
    result = {
        "installed": True,
        "selected": selected,
        "affected": len(affected),
        "queues": dict(Counter(message.queue for message in affected)),
        "queue_ids": [message.queue_id for message in affected],
        "messages": listed,
        "vanished": [],
    }
    if len(affected) > request.max_affected:
        raise Error(
            f"max_affected: {len(affected)} messages would be affected, more than {request.max_affected}; nothing was "
            "changed; look at them in queue_ids and messages, and raise max_affected if they are meant",
            **result,
        )
    if not affected:
        return Plan(result=result)
    if request.action.option == "-i" and not queue.is_running():
        return _without("Postfix does not run", "start it, it delivers what is flushed", **result)
    more = len(affected) - len(listed)
    if more:
        before.append(f"... and {more} more")
        after.append(f"... and {more} more: {params['state']}")
    return Plan(
        before={queue.path: _text(before)},
        after={queue.path: _text(line for line in after if line)},
        steps=[Step(_summary(request.action, affected), partial(_apply, queue, request, affected, since))],
        result=result,
    )


def _without(missing: str, cure: str, **result: Any) -> Plan:
    """Planning goes on where something is missing, because an earlier task may bring it; applying stops."""
    empty = {"selected": 0, "affected": 0, "queues": {}, "queue_ids": [], "messages": [], "vanished": []}

    def stop() -> Optional[Mapping[str, Any]]:
        raise Error(f"{missing}; {cure}; nothing was changed")

    return Plan(
        steps=[Step("Find the queue of Postfix", stop, changes=bool(result.get("affected")))],
        result={**empty, **result},
        warnings=[f"{missing}; {cure}"],
    )


def _then(message: Message, request: Request) -> str:
    """The line of a message in the diff once the action is done."""
    action = request.action
    if action.becomes == "":
        return ""
    if action.becomes is None:
        return headline(message._replace(expired=True), request.privacy)
    return headline(message, request.privacy, action.becomes)


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _summary(action: Action, affected: Sequence[Message]) -> str:
    count = len(affected)
    where = ", ".join(f"{number} in {queue}" for queue, number in Counter(one.queue for one in affected).items())
    return f"{action.verb} {count} {'message' if count == 1 else 'messages'}: {where}"


def _apply(queue: Queue, request: Request, affected: Sequence[Message], since: float) -> dict[str, Any]:
    """Do it. What is no longer there, or is another message with the same name, is left alone and reported."""
    archive = Archive(request.archive) if request.archive else None
    chunks = [affected[start : start + CHUNK] for start in range(0, len(affected), CHUNK)]
    done: set[str] = set()
    failed: Optional[Error] = None
    # postsuper waits for the disk and the log most of the time.
    with ThreadPoolExecutor(WORKERS) as workers:
        running = [workers.submit(_change, queue, request.action, chunk, since, archive) for chunk in chunks]
        for one in running:
            try:
                done |= one.result()
            except (Error, OSError) as error:
                failed = failed or (error if isinstance(error, Error) else Error(f"the queue cannot be read: {error}"))
                for other in running:
                    other.cancel()
            except CancelledError:
                continue
    if failed is not None:
        failed.details["affected"] = len(done)
        # How much of what failed was done is not known: every copy stays. The disk may have no room for their sums.
        with contextlib.suppress(OSError):
            failed.details.update(archive.close() if archive else {})
        raise failed
    return {
        "affected": len(done),
        "queue_ids": [message.queue_id for message in affected if message.queue_id in done],
        "vanished": [message.queue_id for message in affected if message.queue_id not in done],
        **(archive.close(done) if archive else {}),
    }


def _change(
    queue: Queue, action: Action, messages: Sequence[Message], since: float, archive: Optional[Archive]
) -> set[str]:
    by_id = {message.queue_id: message for message in messages}
    places = {
        queue_id: place
        for queue_id, place in queue.places(by_id.keys()).items()
        # One that has moved to where the action has no effect, such as on hold, counts as gone.
        if place[0] in action.queues and is_same(by_id[queue_id], place[1], since)
    }
    ids = list(places)
    if archive is not None:
        kept = archive.keep({queue_id: path for queue_id, (_queue, path) in places.items()})
        ids = [queue_id for queue_id in ids if queue_id in kept]
    if action.option == "-i":
        for queue_id in ids:
            commands.run(["postqueue", "-c", queue.directory, "-i", queue_id])
        return set(ids)
    damaged = {queue_id: places[queue_id][1] for queue_id in ids if places[queue_id][0] == CORRUPT}
    return _removed(damaged) | _postsuper(queue, action, [queue_id for queue_id in ids if queue_id not in damaged])


def _removed(paths: Mapping[str, str]) -> set[str]:
    """Damaged files are in a folder that postsuper(1) does not take, and no daemon works in."""
    gone = set()
    for queue_id, path in paths.items():
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
            gone.add(queue_id)
    return gone


def _postsuper(queue: Queue, action: Action, ids: Sequence[str]) -> set[str]:
    """What postsuper(1) says that it did, which may be less than it was asked to."""
    if not ids:
        return set()
    where = [name for name in action.queues if name != CORRUPT]
    argv = ["postsuper", "-c", queue.directory, action.option, "-", *where]
    said = commands.run(argv, stdin="\n".join(ids) + "\n", timeout=PATIENCE).stderr
    return set(re.findall(rf"^postsuper: (\w+): {action.said}$", said, re.MULTILINE))
