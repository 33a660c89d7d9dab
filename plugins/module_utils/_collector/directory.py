# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory server as metrics, from entries of ``cn=Monitor`` (slapd-monitor(5)) and the contextCSN. Pure."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterable, Mapping, Sequence
from time import strptime
from typing import Optional

from .metrics import Metric

Attributes = Mapping[str, Sequence[bytes]]
# 20261125120000.123456Z#000000#001#000000: time, number of change, server, modification (RFC draft ldup-model).
CSN = re.compile(r"(\d{14})(?:\.(\d{1,6}))?Z#[0-9a-f]{6}#([0-9a-f]{3})#[0-9a-f]{6}")

OPERATIONS = "cn=operations,cn=monitor"
STATISTICS = "cn=statistics,cn=monitor"
COUNTERS = {
    "bytes": ("ldap_sent_bytes_total", "Bytes that the server has sent."),
    "entries": ("ldap_sent_entries_total", "Entries that the server has sent."),
}


def directory_metrics(
    monitor: Iterable[tuple[str, Attributes]], contexts: Mapping[str, Iterable[bytes]]
) -> list[Metric]:
    """Metrics from the entries below ``cn=Monitor`` and, by suffix, the values of contextCSN."""
    up = Metric("ldap_up", "Whether the directory server answers.")
    up.add(1)
    connections = Metric("ldap_connections", "Connections that are open.")
    accepted = Metric("ldap_connections_total", "Connections that were opened.", kind="counter")
    started = Metric("ldap_operations_initiated_total", "Operations that were begun, by kind.", kind="counter")
    completed = Metric("ldap_operations_completed_total", "Operations that were completed, by kind.", kind="counter")
    sent = {name: Metric(*words, kind="counter") for name, words in COUNTERS.items()}
    threads = Metric("ldap_threads", "Threads of the server, by what they do.")
    for dn, attributes in monitor:
        place = dn.lower()
        name = place.split(",", 1)[0].partition("=")[2]
        if place.endswith("," + OPERATIONS):
            _add(started, attributes, "monitorOpInitiated", operation=name)
            _add(completed, attributes, "monitorOpCompleted", operation=name)
        elif place.endswith("," + STATISTICS) and name in sent:
            _add(sent[name], attributes, "monitorCounter")
        elif place == "cn=current,cn=connections,cn=monitor":
            _add(connections, attributes, "monitorCounter")
        elif place == "cn=total,cn=connections,cn=monitor":
            _add(accepted, attributes, "monitorCounter")
        elif place.endswith(",cn=threads,cn=monitor") and name in ("active", "pending", "max", "backload"):
            _add(threads, attributes, "monitoredInfo", state=name)
    return [up, connections, accepted, started, completed, *sent.values(), threads, context_metric(contexts)]


def context_metric(contexts: Mapping[str, Iterable[bytes]]) -> Metric:
    """When the last change was made that this server has, by suffix and by the server that it was made on.

    Servers that hold the same suffix are compared by Prometheus, which sees them all: no server needs to log in to
    another for that.
    """
    metric = Metric(
        "ldap_context_csn_timestamp_seconds",
        "Time of the last change that this server holds, by suffix and the server that the change was made on.",
    )
    for suffix, values in contexts.items():
        for value in values:
            read = csn(value.decode("ascii", "replace"))
            if read is not None:
                metric.add(read[1], suffix=suffix, server_id=read[0])
    return metric


def csn(text: str) -> Optional[tuple[str, float]]:
    """Server and time, in seconds since 1970, of a change number; nothing when it is none."""
    found = CSN.fullmatch(text)
    if found is None:
        return None
    seconds = timegm(strptime(found[1], "%Y%m%d%H%M%S"))
    return str(int(found[3], 16)), seconds + int((found[2] or "0").ljust(6, "0")) / 1e6


def _add(metric: Metric, attributes: Attributes, name: str, **labels: str) -> None:
    for key, values in attributes.items():
        if key.lower() == name.lower() and values and values[0].isdigit():
            metric.add(int(values[0]), **labels)
