# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates, a probe and quotas as metrics. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .metrics import Metric


def certificate_metrics(ends: Mapping[str, float]) -> list[Metric]:
    """By the file that holds it, or the service that shows it, when a certificate ends."""
    metric = Metric("certificate_not_after_timestamp_seconds", "When a certificate ends, by where it was found.")
    for source, seconds in ends.items():
        metric.add(seconds, source=source)
    return [metric]


def probe_metrics(hops: Sequence[Mapping[str, Any]], seconds: float, ok: bool) -> list[Metric]:
    """A run of ``mail_probe``: whether every proof held, what each took, and the whole way of a message."""
    success = Metric("probe_success", "Whether every proof of the last probe held.")
    success.add(int(ok))
    duration = Metric("probe_duration_seconds", "What the whole probe took.")
    duration.add(seconds)
    held = Metric("probe_hop_success", "Whether one proof of the last probe held.")
    took = Metric("probe_hop_duration_seconds", "What one proof took; of a delivery, from SMTP to its sight by IMAP.")
    for hop in hops:
        held.add(int(hop["ok"]), hop=hop["name"])
        took.add(hop["seconds"], hop=hop["name"])
    return [success, duration, held, took]


def read_quotas(printed: str) -> list[tuple[str, str, int, int]]:
    """User, kind (STORAGE or MESSAGE), use and limit from ``doveadm -f json quota get -A``, limited ones alone."""
    rows: list[Mapping[str, str]] = json.loads(printed) if printed.strip() else []
    return [
        (row["username"], row["type"], int(row["value"]), int(row["limit"]))
        for row in rows
        if row.get("limit", "-").isdigit() and row.get("value", "-").isdigit() and int(row["limit"])
    ]


def quota_metrics(quotas: Iterable[tuple[str, str, int, int]], top: int) -> list[Metric]:
    """The fullest mailboxes by name, and how many there are by how full they are."""
    used = Metric("mailbox_quota_used_bytes", "What the fullest mailboxes hold.")
    limit = Metric("mailbox_quota_limit_bytes", "What the fullest mailboxes may hold.")
    over = Metric("mailboxes_over_quota_ratio", "Mailboxes that are fuller than a share of their quota.")
    stored = [(user, use * 1024, most * 1024) for user, kind, use, most in quotas if kind == "STORAGE"]
    stored.sort(key=lambda one: (-one[1] / one[2], one[0]))
    for user, use, most in stored[:top]:
        used.add(use, mailbox=user)
        limit.add(most, mailbox=user)
    for share in (0.8, 0.9, 1.0):
        over.add(sum(use >= most * share for _user, use, most in stored), ratio=str(share))
    return [used, limit, over]
