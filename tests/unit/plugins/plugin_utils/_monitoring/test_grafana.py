# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The dashboard for Grafana."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._monitoring.grafana import dashboard


def test_each_panel_has_its_place_and_its_query():
    panels = [{"title": "A", "query": "up"}, {"title": "B", "query": "x", "unit": "s"}, {"title": "C", "query": "y"}]
    made = json.loads(dashboard(panels))
    assert [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in made["panels"]] == [(0, 0), (12, 0), (0, 8)]
    assert [one["targets"][0]["expr"] for one in made["panels"]] == ["up", "x", "y"]
    assert made["panels"][1]["fieldConfig"]["defaults"]["unit"] == "s"
    assert len({one["id"] for one in made["panels"]}) == 3
    assert made["__inputs"][0]["pluginId"] == "prometheus"
    assert made["schemaVersion"] > 30


def test_the_panels_of_the_role_make_a_dashboard():
    file = Path(__file__).parents[5] / "roles/monitoring/files/panels.yml"
    panels = yaml.safe_load(file.read_text(encoding="utf-8"))
    made = json.loads(dashboard(panels))
    assert [one["title"] for one in made["panels"]] == [panel["title"] for panel in panels]
    assert {one["type"] for one in made["panels"]} == {"timeseries"}
