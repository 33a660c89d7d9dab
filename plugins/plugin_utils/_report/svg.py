# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots as SVG that stands inside a page: text and lines in the page's colours, the story in title and description.

Every plot is an image for a screen reader, with its title and what one sees in it as words. The page shows the same
numbers as a table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 640, 160
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 12, 28
ROW, LABEL = 26, 200


def columns(rows: Sequence[Mapping[str, Any]], label: str, value: str, title: str) -> str:
    """One column for each row, such as an hour: ``label`` and ``value`` name the keys of a row."""
    numbers = [float(row[value]) for row in rows]
    labels = [str(row[label]) for row in rows]
    top = ceiling(max(numbers, default=0))
    width = (WIDTH - LEFT - RIGHT) / max(1, len(rows))
    room = HEIGHT - TOP - BOTTOM
    shapes = [
        _rect(
            LEFT + place * width + width * 0.1, HEIGHT - BOTTOM - room * number / top, width * 0.8, room * number / top
        )
        for place, number in enumerate(numbers)
        if number
    ]
    axis = [
        _line(HEIGHT - BOTTOM),
        _line(TOP),
        _text(LEFT - 6, TOP + 4, short(top), "end"),
        _text(LEFT - 6, HEIGHT - BOTTOM, "0", "end"),
    ]
    if labels:
        axis.append(_text(LEFT, HEIGHT - 8, labels[0], "start"))
    if len(labels) > 1:
        axis.append(_text(WIDTH - RIGHT, HEIGHT - 8, labels[-1], "end"))
    return _image(title, _told(labels, numbers), HEIGHT, [*axis, *shapes])


def bars(rows: Sequence[Mapping[str, Any]], label: str, value: str, title: str) -> str:
    """One bar for each row, with its label before it and its number behind."""
    numbers = [float(row[value]) for row in rows]
    labels = [str(row[label]) for row in rows]
    top = max([*numbers, 0]) or 1
    room = WIDTH - LABEL - 70
    shapes = []
    for place, (name, number) in enumerate(zip(labels, numbers)):
        y = place * ROW + 4
        shapes += [
            _text(LABEL - 8, y + 14, name if len(name) <= 28 else f"{name[:27]}\u2026", "end"),
            _rect(LABEL, y, room * number / top, ROW - 8),
            _text(LABEL + room * number / top + 6, y + 14, short(number), "start"),
        ]
    return _image(title, _told(labels, numbers), max(1, len(rows)) * ROW + 4, shapes)


def ceiling(number: float) -> float:
    """The next number of the kind 1, 2, 5, 10 ... that a scale may end at."""
    step = 1.0
    while number > step * 5:
        step *= 10
    return next(step * factor for factor in (1, 2, 5, 10) if number <= step * factor)


def short(number: float) -> str:
    """A number as it fits beside a plot."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if number >= limit:
            return f"{number / (1000 if unit == 'k' else limit):.3g}{unit}"
    return f"{number:.3g}" if number < 1000 else f"{number:.0f}"


def _told(labels: Sequence[str], numbers: Sequence[float]) -> str:
    if not any(numbers):
        return "There is nothing to show."
    highest = max(range(len(numbers)), key=numbers.__getitem__)
    return (
        f"{len(numbers)} values, from {short(min(numbers))} to {short(max(numbers))}; the highest at {labels[highest]}."
    )


def _image(title: str, told: str, height: int, shapes: Sequence[str]) -> str:
    name = re.sub(r"\W+", "-", title.lower()).strip("-")
    return (
        f'<svg role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {WIDTH} {height}" class="plot">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(told)}</desc>{"".join(shapes)}</svg>'
    )


def _rect(x: float, y: float, width: float, height: float) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _line(y: float) -> str:
    return f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
