# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The queue of Postfix as metrics, from the report that ``mail_queue_info`` is made of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .metrics import Metric


def queue_metrics(result: Mapping[str, Any], running: bool) -> list[Metric]:
    """Metrics of ``Report.result``: how much there is by queue, how old by destination, and what it waits for."""
    up = Metric("postfix_up", "Whether Postfix runs.")
    up.add(int(running))
    messages = Metric("queue_messages", "Messages in the queue, by queue.")
    size = Metric("queue_size_bytes", "Size of the messages in the queue, by queue.")
    oldest = Metric("queue_oldest_message_age_seconds", "Age of the oldest message, by queue.")
    for queue, numbers in result["queues"].items():
        messages.add(numbers["messages"], queue=queue)
        size.add(numbers["size"], queue=queue)
        oldest.add(numbers["oldest"], queue=queue)
    destinations = Metric(
        "queue_destination_messages",
        "Messages to the destinations that have most of them, by upper limit of their age in minutes, as qshape does.",
    )
    for one in result["ages"]:
        for minutes, count in one["minutes"].items():
            if count:
                destinations.add(count, destination=one["domain"], age_minutes=minutes)
    waiting = Metric("queue_waiting_messages", "Messages that wait, by destination and what they wait for.")
    waiting_age = Metric("queue_waiting_oldest_age_seconds", "Age of the oldest of the messages that wait.")
    for one in result["bottlenecks"]:
        labels = {"destination": one["domain"], "status": one["status"], "reason": one["reason"]}
        waiting.add(one["messages"], **labels)
        waiting_age.add(one["oldest"], **labels)
    return [up, messages, size, oldest, destinations, waiting, waiting_age]
