# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the queue and reports on it. Nothing on the host changes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Optional

from ..._engine.plan import Plan
from .filters import Filter, select
from .info_request import InfoRequest, read_info_request
from .messages import CORRUPT, Envelope, Message, shown
from .queue_host import Queue, open_queue
from .report import Look, Report

# Letters of headers and of a body: longer ones are cut.
LONGEST = 65536


def plan_info(params: Mapping[str, Any]) -> Plan:
    """A plan without steps, whose result is the report of ``mail_queue_info``."""
    request = read_info_request(params, time.time())
    queue = open_queue(params)
    if queue is None:
        empty = Report(time.time(), request.since)
        return Plan(result={"installed": False, "running": False, **_result(empty, request), "messages": []})
    since = request.since
    if request.interval:
        since = _first_look(queue, request)
        time.sleep(request.interval)
    now = time.time()
    report = Report(now, since)
    listed: list[Message] = []
    for message in _selected(queue, request.filter, now):
        report.add(message)
        if len(listed) < request.list_limit:
            listed.append(message)
    messages = [found for message in listed if (found := _details(queue, message, request, now)) is not None]
    return Plan(
        result={
            "installed": True,
            "running": queue.is_running(),
            **_result(report, request),
            "messages": messages,
        }
    )


def _selected(queue: Queue, wanted: Filter, now: float) -> Iterator[Message]:
    return select(queue.messages(), wanted, now, queue.envelopes)


def _first_look(queue: Queue, request: InfoRequest) -> Look:
    report = Report(time.time())
    for message in _selected(queue, request.filter, report.now):
        report.add(message)
    return report.look(request.fingerprint)


def _result(report: Report, request: InfoRequest) -> dict[str, Any]:
    oldest = report.oldest
    show = partial(shown, now=report.now, recipients=request.recipient_limit, show=request.privacy)
    return {
        **report.result(request.top, request.privacy),
        "oldest": None if oldest is None else show(oldest),
        "look": report.look(request.fingerprint)._asdict(),
    }


def _details(queue: Queue, message: Message, request: InfoRequest, now: float) -> Optional[dict[str, Any]]:
    """A message as it is shown; nothing when it is gone before its file could be read."""
    found = shown(message, now, request.recipient_limit, request.privacy)
    if "envelope" in request.details:
        known = Envelope() if message.queue == CORRUPT else queue.envelopes([message.queue_id]).get(message.queue_id)
        if known is None:
            return None
        found["envelope"] = {**known._asdict(), "sasl_user": request.privacy.address(known.sasl_user)}
    for name, option in (("headers", "-qh"), ("body", "-qb")):
        if name in request.details:
            found[name] = queue.content(message.queue_id, option, LONGEST)
    return found
