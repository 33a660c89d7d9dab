# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One message on several hosts: what each saw of it, in one order, and what became of it in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# The name that the next host gave it.
NEXT = re.compile(r"\b(?:queued as|queued_as:) ([0-9A-Za-z]{6,})\b")
OWN = re.compile(r"^([0-9A-Za-z]{6,}): ")
CAME = re.compile(r"^[0-9A-Za-z]{6,}: client=([^,\s]+)")
WENT = re.compile(
    r"^[0-9A-Za-z]{6,}: to=<(?P<to>.*?)>, .*?\brelay=(?P<relay>[^,]+), .*?\bstatus=(?P<what>\w+) (?P<why>.*)"
)

Event = dict[str, Any]


def merged(traces: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """``trace`` of mail_log_info by host (or its whole result) as one.

    ``queue_id`` are the names that one host says another gave it: look for them, too. ``unknown`` are those of them
    that no host here has seen, so the message left for somewhere else.
    """
    found = {host: result.get("trace", result) for host, result in traces.items()}
    by_host = {host: _events(host, trace.get("events", ())) for host, trace in found.items()}
    order = _in_order_of_travel(by_host)
    events = sorted((event for host in order for event in by_host[host]), key=lambda event: event["time"])
    given = {name for event in events for name in NEXT.findall(event["text"])}
    own = {name for event in events for name in OWN.findall(event["text"])}
    return {
        "events": events,
        "hosts": [host for host in order if by_host[host]],
        "queue_ids": sorted({name for trace in found.values() for name in trace.get("queue_ids", ())}),
        "message_ids": sorted({name for trace in found.values() for name in trace.get("message_ids", ())}),
        "queue_id": sorted(given),
        "unknown": sorted(given - own),
        "cut": any(trace.get("cut") for trace in found.values()),
        "summary": list(_sentences(events)) or ["No host has a line of it."],
    }


def _events(host: str, events: Iterable[Mapping[str, Any]]) -> list[Event]:
    """The events of a host, each once, under the name that the inventory has for it."""
    unique = {(event["time"], event["program"], event["text"]): event for event in events}
    return [
        {"time": event["time"], "host": host, "program": event["program"], "text": event["text"]}
        for event in unique.values()
    ]


def _in_order_of_travel(by_host: Mapping[str, Sequence[Event]]) -> list[str]:
    """Hosts in the order in which the message came to them: time stamps of a second do not tell."""
    own = {host: {name for event in events for name in OWN.findall(event["text"])} for host, events in by_host.items()}
    given = {
        host: {name for event in events for name in NEXT.findall(event["text"])} for host, events in by_host.items()
    }
    left = sorted(by_host, key=lambda host: min((event["time"] for event in by_host[host]), default=""))
    order: list[str] = []
    while left:
        first = next(
            (host for host in left if not any(given[other] & own[host] for other in left if other != host)), left[0]
        )
        order.append(first)
        left.remove(first)
    return order


def _sentences(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        came, went = CAME.match(event["text"]), WENT.match(event["text"])
        if came is not None:
            yield f"{event['time']}: {event['host']} took it from {came[1]}"
        elif went is not None:
            yield (
                f"{event['time']}: {event['host']}: {went['what']} to {went['to']} through {went['relay']} "
                f"{went['why']}".rstrip()
            )
