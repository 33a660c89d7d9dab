# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for whoever is on call: what the servers are asked, and their answers in words and rows. Pure.

An answer is the JSON of one question, or None where nobody answered.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

SEVERITIES = ("critical", "warning")
FORECASTS = {
    "instance:postfix_manager_queue_full:days": "its mail queue",
    "instance_mailbox:postfix_manager_quota_full:days": "mailbox",
    "instance_mountpoint:node_filesystem_full:days": "file system",
}
# A plot has about this many points; a forecast beyond this many days is no news.
POINTS, HORIZON = 240, 30
UNITS = {"s": "seconds", "d": "days", "percentunit": "%"}


def questions(panels: Sequence[Mapping[str, Any]], servers: Mapping[str, str], end: int, hours: int) -> list[str]:
    """The addresses to get, in the order in which ``view`` takes the answers. ``servers`` are the two by name."""
    prometheus = f"{servers['prometheus']}/api/v1"
    span = {"start": end - hours * 3600, "end": end, "step": step(hours)}
    return [
        f"{servers['alertmanager']}/api/v2/alerts",
        f"{prometheus}/rules?type=alert",
        f"{prometheus}/query?{urlencode({'query': 'up'})}",
        f"{prometheus}/query?{urlencode({'query': _any_of(FORECASTS)})}",
        *(f"{prometheus}/query_range?{urlencode({'query': panel['query'], **span})}" for panel in panels),
    ]


def step(hours: int) -> int:
    return max(hours * 3600 // POINTS, 15)


def view(
    panels: Sequence[Mapping[str, Any]], answers: Sequence[Any], end: int, hours: int, watcher: str
) -> dict[str, Any]:
    """What the page shows.

    ``headline`` and ``wrong`` are sentences; ``firing``, ``pending`` and ``silent`` are alerts, the worst first;
    ``hosts`` and ``forecast`` are rows; ``plots`` have a title and series.
    """
    told, ruled, up, full, *drawn = answers
    plots = [_plot(panel, answer) for panel, answer in zip(panels, drawn)]
    known = [rule for group in _data(ruled).get("groups", []) for rule in group["rules"]]
    states = {_key(one["labels"]): one["status"] for one in told or []}
    alerts = sorted((_alert(one, states, end) for rule in known for one in rule["alerts"]), key=_order)
    firing = [one for one in alerts if one["state"] == "firing" and not one["why"]]
    exporters = [(row["metric"]["instance"], row["metric"]["job"], row["value"][1] == "1") for row in _rows(up)]
    return {
        "headline": _headline(ruled, firing, len(known), exporters),
        "wrong": list(_blind(told, ruled, known, exporters, watcher)),
        "firing": firing,
        "pending": [one for one in alerts if one["state"] == "pending"],
        "silent": [one for one in alerts if one["why"]],
        "hosts": _hosts(panels, plots, firing, exporters, end - 2 * step(hours)),
        "forecast": _forecast(full),
        "plots": [plot for plot in plots if plot["series"]],
    }


def _any_of(names: Mapping[str, str]) -> str:
    return '{__name__=~"' + "|".join(names) + '"}'


def _data(answer: Any) -> dict[str, Any]:
    return dict((answer or {}).get("data") or {})


def _rows(answer: Any) -> list[dict[str, Any]]:
    return list(_data(answer).get("result", []))


def _key(labels: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(labels.items())


def _alert(one: Mapping[str, Any], states: Mapping[Any, Mapping[str, Any]], end: int) -> dict[str, Any]:
    labels, texts = one["labels"], one["annotations"]
    since = datetime.fromisoformat(one["activeAt"][:19]).replace(tzinfo=timezone.utc)
    state = states.get(_key(labels), {})
    why = "silenced" if state.get("silencedBy") else "follows from another alert" if state.get("inhibitedBy") else ""
    return {
        "name": labels["alertname"],
        "host": labels.get("instance", ""),
        "severity": labels.get("severity", "none"),
        "state": one["state"],
        "summary": texts.get("summary", labels["alertname"]),
        "description": texts.get("description", ""),
        "runbook": texts.get("runbook", ""),
        "since": since.strftime("%Y-%m-%d %H:%M"),
        "age": max(0, end - int(since.timestamp())),
        "why": why if one["state"] == "firing" else "",
    }


def _order(alert: Mapping[str, Any]) -> tuple[int, int, str]:
    """The worst first, then what began first: what follows from it comes later."""
    severity = alert["severity"]
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES), -alert["age"], alert["summary"]


def _headline(ruled: Any, firing: Sequence[Mapping[str, Any]], rules: int, exporters: Sequence[Any]) -> str:
    if not ruled:
        return "Nothing is known."
    if firing:
        kinds = [one["severity"] for one in firing]
        counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
        return f"{_count(len(firing), 'alert')} now: {counts}."
    answering = sum(answers for _host, _job, answers in exporters)
    return (
        f"No alert now. {answering} of {_count(len(exporters), 'exporter')} answer, {_count(rules, 'rule')} watch them."
    )


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"


def _blind(
    told: Any, ruled: Any, rules: Sequence[Any], exporters: Sequence[tuple[str, str, bool]], watcher: str
) -> Iterator[str]:
    """Why the page may say less than there is."""
    if ruled is None:
        yield (
            f"Prometheus on {watcher} does not answer, so nobody sees what goes wrong. There: systemctl status "
            "prometheus; journalctl -u prometheus -n 20"
        )
    elif not rules:
        yield f"Prometheus on {watcher} has no rules, so no alert is ever raised. Run the playbook monitoring."
    elif not exporters:
        yield f"Prometheus on {watcher} asks no exporter, so no alert is ever raised. Run the playbook monitoring."
    if told is None:
        yield (
            f"Alertmanager on {watcher} does not answer, so nobody is told of alerts. There: systemctl status "
            "prometheus-alertmanager; journalctl -u prometheus-alertmanager -n 20"
        )


def _plot(panel: Mapping[str, Any], answer: Any) -> dict[str, Any]:
    unit = panel.get("unit", "")
    factor = 100 if unit == "percentunit" else 1
    series = []
    for row in _rows(answer):
        labels = [value for name, value in row["metric"].items() if name != "__name__"]
        points = [(float(when), factor * float(value)) for when, value in row["values"]]
        points = [point for point in points if math.isfinite(point[1])]
        if points:
            series.append({"name": ", ".join(labels) or "all", "points": points})
    title = f"{panel['title']} ({UNITS[unit]})" if unit else panel["title"]
    return {"title": title, "series": sorted(series, key=lambda one: str(one["name"]))}


def _hosts(
    panels: Sequence[Mapping[str, Any]],
    plots: Sequence[Mapping[str, Any]],
    firing: Sequence[Mapping[str, Any]],
    exporters: Sequence[tuple[str, str, bool]],
    since: int,
) -> list[dict[str, Any]]:
    """A row for each host, those with most alerts first: how it is, and its number of each panel with a ``column``."""
    rows = []
    for host in sorted({name for name, _job, _answers in exporters} | {one["host"] for one in firing} - {""}):
        asked = [(job, answers) for name, job, answers in exporters if name == host]
        silent = [job for job, answers in asked if not answers]
        wrong = sum(one["host"] == host for one in firing)
        row: dict[str, Any] = {"name": host, "alerts": wrong}
        row["answers"] = f"not {', '.join(silent)}" if silent else "all" if asked else "none"
        for panel, plot in zip(panels, plots):
            if "column" in panel:
                row[panel["column"]] = _now(plot, host, since)
        rows.append((-wrong, not silent, row))
    return [row for _alerts, _answers, row in sorted(rows, key=lambda one: one[:2])]


def _now(plot: Mapping[str, Any], host: str, since: int) -> float | None:
    """The newest number of a host, as long as it is not an old one."""
    for one in plot["series"]:
        when, value = one["points"][-1]
        if one["name"] == host and when >= since:
            return int(value) if value == int(value) else round(value, 2)
    return None


def _forecast(answer: Any) -> list[dict[str, Any]]:
    found = []
    for row in _rows(answer):
        labels, days = row["metric"], float(row["value"][1])
        if math.isfinite(days) and days < HORIZON:
            what = [FORECASTS[labels["__name__"]], labels.get("mountpoint") or labels.get("mailbox") or ""]
            found.append({"name": labels["instance"], "what": " ".join(what).strip(), "days": round(days, 1)})
    return sorted(found, key=lambda one: one["days"])
