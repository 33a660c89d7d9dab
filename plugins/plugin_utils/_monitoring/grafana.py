# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A dashboard for Grafana, in the JSON that its import takes. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH, HEIGHT, COLUMNS = 12, 8, 2
SOURCE = {"type": "prometheus", "uid": "${DS_PROMETHEUS}"}


def dashboard(panels: Sequence[Mapping[str, Any]]) -> str:
    """The JSON; whoever imports it is asked for the data source."""
    return json.dumps(
        {
            "__inputs": [
                {"name": "DS_PROMETHEUS", "label": "Prometheus", "type": "datasource", "pluginId": "prometheus"}
            ],
            "title": "Mail",
            "uid": "postfix-manager-mail",
            "tags": ["mail"],
            "schemaVersion": 36,
            "refresh": "1m",
            "time": {"from": "now-24h", "to": "now"},
            "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
        },
        indent=2,
    )


def _panel(number: int, panel: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel["title"],
        "datasource": SOURCE,
        "gridPos": {"x": number % COLUMNS * WIDTH, "y": number // COLUMNS * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.get("unit", "short"), "min": 0}, "overrides": []},
        "targets": [
            {
                "refId": "A",
                "datasource": SOURCE,
                "expr": panel["query"],
                "legendFormat": panel.get("legend", "{{instance}}"),
            }
        ],
    }
