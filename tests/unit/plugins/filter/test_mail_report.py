# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

from ansible_collections.postfix_manager.mail.plugins.filter import mail_report, monitoring


def test_each_filter_has_its_page_and_gives_text():
    filters = {**mail_report.FilterModule().filters(), **monitoring.FilterModule().filters()}
    folder = Path(__file__).parents[4] / "plugins/filter"
    assert sorted(filters) == sorted(path.stem for path in folder.glob("*.yml"))
    assert filters["svg_columns"]([], "hour", "received", "Received").startswith("<svg")
    assert filters["svg_bars"]([], "hour", "received", "Received").startswith("<svg")
    assert filters["svg_lines"]([], "Queue").startswith("<svg")
    assert filters["prometheus_metrics"]({}) == ""
    assert filters["merged_traces"]({})["summary"] == ["No host has a line of it."]
    assert filters["prometheus_rules"]("groups: []", {}, {}) == "groups: []\n"
    assert filters["alertmanager_config"]([], {}, []).startswith("route:")
    assert '"schemaVersion"' in filters["grafana_dashboard"]([])
    servers = {"prometheus": "http://a:1", "alertmanager": "http://b:2"}
    assert filters["monitoring_questions"]([], servers, 0, 1)[0] == "http://b:2/api/v2/alerts"
    assert filters["monitoring_view"]([], [""] * 4, 0, 1, "watch")["headline"] == "Nothing is known."
