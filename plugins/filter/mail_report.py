# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Filters of the report; what they do is in plugin_utils/_report."""

from __future__ import annotations

from typing import Any, Callable

from ansible_collections.postfix_manager.mail.plugins.plugin_utils._report.prometheus import metrics
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._report.svg import bars, columns, lines
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._report.traces import merged


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        plots = {"svg_columns": columns, "svg_bars": bars, "svg_lines": lines}
        return {**plots, "prometheus_metrics": metrics, "merged_traces": merged}
