# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person and Prometheus get to know of the synchronisation of mailboxes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

JOB = "mail_sync"


class Report:
    """What the workers did, up to now. All times are seconds of the epoch."""

    def __init__(self, started: float) -> None:
        self._lock = threading.Lock()
        self._started = started
        self._last_success = 0.0
        self._lag = 0.0
        self._failed: dict[str, str] = {}
        self._compared = 0.0

    def done(self, user: str, since: float, failure: str, now: float) -> None:
        """A mailbox that waited since then was synchronised, or was not."""
        with self._lock:
            if failure:
                self._failed[user] = failure
            else:
                self._failed.pop(user, None)
                self._last_success = now
                self._lag = now - since

    def listed(self, failure: str, now: float) -> None:
        """All mailboxes wait to be compared in full, or nobody knows which there are."""
        with self._lock:
            if failure:
                self._failed["all mailboxes"] = failure
            else:
                self._failed.pop("all mailboxes", None)
                self._compared = now

    def status(self, pending: int, oldest: float, now: float) -> dict[str, Any]:
        """The state at this moment; ``oldest`` is since when the first of those that are pending waits."""
        with self._lock:
            failures = sorted(self._failed.items())
            # An idle node has nothing to do and is up to date.
            if not pending and not failures and self._compared:
                self._last_success = now
            message = f"{pending} mailboxes wait" if pending else "up to date"
            if failures:
                message = f"{len(failures)} mailboxes fail; {failures[0][0]}: {failures[0][1]}"
            return {
                "job": JOB,
                "started": int(self._started),
                "finished": int(now),
                "success": not failures,
                "message": message,
                "last_success": int(self._last_success),
                "pending": pending,
                "lag_seconds": round(max(self._lag, now - oldest) if pending else self._lag, 2),
                "compared_in_full": int(self._compared),
            }


def metrics(status: Mapping[str, Any]) -> str:
    """The status as text for Prometheus."""
    label = f'{{job="{JOB}"}}'
    values = {
        f"postfix_manager_job_last_success_timestamp_seconds{label}": status["last_success"],
        f"postfix_manager_job_success{label}": int(bool(status["success"])),
        "postfix_manager_mail_sync_lag_seconds": status["lag_seconds"],
        "postfix_manager_mail_sync_pending": status["pending"],
    }
    return "".join(f"{name} {value}\n" for name, value in values.items())
