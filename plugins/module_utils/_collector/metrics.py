# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures in the text format of Prometheus, as the textfile collector of the node exporter reads it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

PREFIX = "postfix_manager_"


@dataclass(frozen=True)
class Metric:
    """One metric with its samples: pairs of labels and value. ``name`` goes without the prefix."""

    name: str
    help: str
    samples: list[tuple[Mapping[str, str], float]] = field(default_factory=list)
    kind: str = "gauge"

    def add(self, value: float, **labels: str) -> None:
        self.samples.append((labels, value))


def render(metrics: Iterable[Metric]) -> str:
    """The text of a file; a metric without samples is left out."""
    return "".join(_rendered(metric) for metric in metrics if metric.samples)


def _rendered(metric: Metric) -> str:
    name = PREFIX + metric.name
    lines = [f"# HELP {name} {metric.help}\n", f"# TYPE {name} {metric.kind}\n"]
    for labels, value in metric.samples:
        shown = ",".join(f'{key}="{escaped(text)}"' for key, text in labels.items())
        lines.append(f"{name}{{{shown}}} {number(value)}\n" if shown else f"{name} {number(value)}\n")
    return "".join(lines)


def escaped(text: str) -> str:
    """A value of a label. What is no text in UTF-8, which Prometheus refuses, is replaced."""
    readable = text.encode("utf-8", "replace").decode("utf-8")
    return readable.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def number(value: float) -> str:
    """Whole numbers whole, the others as Python writes them."""
    return str(int(value)) if value == int(value) else repr(float(value))
