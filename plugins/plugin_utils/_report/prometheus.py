# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The numbers of a report for the textfile collector of Prometheus' node exporter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# Name to help text. All are gauges: they speak of the period that was read, which may have any length.
METRICS = {
    "log_messages": "What happened to messages in the period that was read, by kind.",
    "log_delay_seconds": "Delay of deliveries, by part and statistic.",
    "log_lines": "Lines of the log, by whether they were understood.",
    "log_brute_force_candidates": "Addresses that may be guessing passwords.",
    "queue_messages": "Messages in the queue, by queue.",
    "queue_size_bytes": "Bytes of the messages in the queue, by queue.",
    "queue_oldest_age_seconds": "Age of the oldest message, by queue.",
}
PREFIX = "postfix_manager_"


def metrics(hosts: Mapping[str, Mapping[str, Any]]) -> str:
    """The text for results by host: ``log`` of mail_log_info, and ``queues`` of mail_queue_info by instance."""
    samples: dict[str, list[str]] = {name: [] for name in METRICS}
    for host, results in hosts.items():
        for name, labels, value in _samples(results):
            shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in {"host": host, **labels}.items())
            samples[name].append(f"{PREFIX}{name}{{{shown}}} {value}\n")
    return "".join(
        f"# HELP {PREFIX}{name} {text}\n# TYPE {PREFIX}{name} gauge\n{''.join(samples[name])}"
        for name, text in METRICS.items()
        if samples[name]
    )


def _samples(results: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str], Any]]:
    log = results.get("log")
    if log:
        for kind, number in sorted(log["messages"].items()):
            yield "log_messages", {"kind": kind}, number
        for part, statistics in log["delays"].items():
            for statistic, number in statistics.items():
                yield "log_delay_seconds", {"part": part, "statistic": statistic}, number
        broken = log["log"]["broken_lines"]
        yield "log_lines", {"understood": "no"}, broken
        yield "log_lines", {"understood": "yes"}, log["log"]["lines"] - broken
        yield "log_brute_force_candidates", {}, len(log["brute_force"])
    for instance, found in (results.get("queues") or {}).items():
        for queue, numbers in sorted(found["queues"].items()):
            labels = {"instance": instance, "queue": queue}
            yield "queue_messages", labels, numbers["messages"]
            yield "queue_size_bytes", labels, numbers["size"]
            yield "queue_oldest_age_seconds", labels, numbers["oldest"]


def _escaped(text: str) -> str:
    return str(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
