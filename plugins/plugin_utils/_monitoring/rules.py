# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of Prometheus: the text of the role with limits put in, and what a user changed about alerts. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

# ${name} stands for a limit; Prometheus' own templates use $labels and $value without braces around the name.
LIMIT = re.compile(r"\$\{(\w+)\}")
CHANGES = ("enabled", "for", "labels", "annotations")


class RulesError(Exception):
    """Everything that is wrong with the limits and changes, one line each."""


def rules(text: str, limits: Mapping[str, Any], changes: Mapping[str, Mapping[str, Any]]) -> str:
    """The rule file of Prometheus from that of the role. ``changes`` is by the name of an alert."""
    known = set(LIMIT.findall(text))
    data = yaml.safe_load(text)
    alerts = {rule["alert"] for group in data["groups"] for rule in group["rules"] if "alert" in rule}
    refuse([*_limit_problems(limits, known), *_change_problems(changes, alerts)])
    groups = [
        {**group, "rules": [_changed(rule, limits, changes) for rule in group["rules"] if _wanted(rule, changes)]}
        for group in data["groups"]
    ]
    shown = {"groups": [group for group in groups if group["rules"]]}
    return str(yaml.safe_dump(shown, sort_keys=False, width=1000, allow_unicode=True))


def refuse(problems: list[str]) -> None:
    if problems:
        raise RulesError("\n".join(problems))


def _limit_problems(limits: Mapping[str, Any], known: set[str]) -> list[str]:
    found = [
        f"monitoring_limits.{name}: there is no such limit; there are {', '.join(sorted(known))}"
        for name in sorted(set(limits) - known)
    ]
    found += [f"monitoring_limits.{name}: is missing; give a number" for name in sorted(known - set(limits))]
    for name in sorted(known & set(limits)):
        value = limits[name]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0:
            found.append(f"monitoring_limits.{name}: {value!r} is no number from 0 on; give one")
    return found


def _change_problems(changes: Mapping[str, Mapping[str, Any]], alerts: set[str]) -> list[str]:
    found = []
    for name, change in sorted(changes.items()):
        if name not in alerts:
            found.append(f"monitoring_alerts.{name}: there is no such alert; there are {', '.join(sorted(alerts))}")
        unknown = sorted(set(change) - set(CHANGES))
        if unknown:
            found.append(
                f"monitoring_alerts.{name}: holds {', '.join(unknown)}; only {', '.join(CHANGES)} can be changed"
            )
        if not re.fullmatch(r"(\d+(ms|[smhdwy]))+|0", str(change.get("for", "0"))):
            found.append(f"monitoring_alerts.{name}.for: {change['for']!r} is no time; write it like 5m")
    return found


def _wanted(rule: Mapping[str, Any], changes: Mapping[str, Mapping[str, Any]]) -> bool:
    return bool(changes.get(rule.get("alert", ""), {}).get("enabled", True))


def _changed(
    rule: Mapping[str, Any], limits: Mapping[str, Any], changes: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    change = changes.get(rule.get("alert", ""), {})
    made = {**rule, "expr": LIMIT.sub(lambda found: str(limits[found[1]]), rule["expr"])}
    if "for" in change:
        made["for"] = str(change["for"])
    for key in ("labels", "annotations"):
        if key in change:
            made[key] = {**rule.get(key, {}), **change[key]}
    return made
