# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filters of the role monitoring; what they do is in plugin_utils/_monitoring."""

from __future__ import annotations

import json
from typing import Any, Callable

from ansible_collections.postfix_manager.mail.plugins.plugin_utils._monitoring import (
    alertmanager,
    grafana,
    page,
    rules,
)


def prometheus_rules(text: str, limits: Any, changes: Any) -> str:
    return rules.rules(str(text), _plain(limits), _plain(changes))


def alertmanager_config(receivers: Any, smtp: Any, monitored: Any) -> str:
    return alertmanager.alertmanager(_plain(receivers), _plain(smtp), _plain(monitored))


def grafana_dashboard(panels: Any) -> str:
    return grafana.dashboard(_plain(panels))


def monitoring_questions(panels: Any, servers: Any, end: int, hours: int) -> list[str]:
    return page.questions(_plain(panels), _plain(servers), int(end), int(hours))


def monitoring_view(panels: Any, answers: Any, end: int, hours: int, watcher: str) -> dict[str, Any]:
    # Jinja has no way to say none for what is missing.
    known = [None if answer == "" else answer for answer in _plain(answers)]
    return page.view(_plain(panels), known, int(end), int(hours), str(watcher))


def _plain(value: Any) -> Any:
    """Without what Ansible notes about where a text came from, which no YAML can hold."""
    return json.loads(json.dumps(value))


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {
            "prometheus_rules": prometheus_rules,
            "alertmanager_config": alertmanager_config,
            "grafana_dashboard": grafana_dashboard,
            "monitoring_questions": monitoring_questions,
            "monitoring_view": monitoring_view,
        }
