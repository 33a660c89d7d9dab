# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings of the collector, and what it has to do now. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .._engine.errors import Error
from .metrics import Metric

# Read by the units that start the collector a little late or early.
SLACK = 2.0
FILE = "postfix_manager_{}.prom"


def read_settings(text: str, known: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By source, its settings with ``interval`` in seconds."""
    try:
        settings = json.loads(text)
    except ValueError as error:
        raise Error(f"the settings of the collector are no JSON: {error}") from error
    unknown = sorted(set(settings) - set(known))
    if unknown:
        raise Error(f"the settings name unknown sources {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return dict(settings)


def due(settings: Mapping[str, Mapping[str, Any]], written: Mapping[str, float], now: float) -> list[str]:
    """The sources whose files are older than their interval, or from the future, or not there. Those in order."""
    return [
        source
        for source, options in settings.items()
        if not -SLACK <= now - written.get(source, 0) < options["interval"] - SLACK
    ]


def own_metrics(source: str, success: bool, started: float, seconds: float, interval: float) -> list[Metric]:
    """What the collector says of itself; every file holds these lines for its source."""
    values = {
        "collector_success": ("Whether the last collection of a source succeeded.", float(success)),
        "collector_last_run_timestamp_seconds": ("When a source was last collected.", round(started, 3)),
        "collector_duration_seconds": ("What the last collection of a source took.", round(seconds, 4)),
        "collector_interval_seconds": ("How often a source is collected.", interval),
    }
    metrics = []
    for name, (help_text, value) in values.items():
        metric = Metric(name, help_text)
        metric.add(value, source=source)
        metrics.append(metric)
    return metrics
