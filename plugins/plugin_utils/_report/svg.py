# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plots as SVG that stands inside a page: text and lines in the page's colours, the story in title and description.

Every plot is an image for a screen reader, with its title and what one sees in it as words. The page shows the same
numbers as a table.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, HEIGHT = 640, 160
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 12, 28
ROW, LABEL = 26, 200
# How many ways there are to draw a line, which the page's style knows; the height of a line's name below the plot.
KINDS, LEGEND = 6, 24


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


def lines(series: Sequence[Mapping[str, Any]], title: str) -> str:
    """One line for each of the ``series``: its ``name`` and its ``points``, pairs of a time in seconds and a number.

    Lines differ in colour and in how they are broken, so that nobody has to tell colours apart. Of many, those that are
    highest in the end are drawn. Where points are missing the line has a hole.
    """
    read = [(str(one["name"]), [(float(when), float(value)) for when, value in one["points"]]) for one in series]
    read = [(name, [point for point in points if math.isfinite(point[1])]) for name, points in read]
    found = sorted(((name, points) for name, points in read if points), key=lambda one: -one[1][-1][1])
    drawn = sorted(found[:KINDS])
    times = sorted({when for _name, points in drawn for when, _value in points})
    first, last = (times[0], times[-1]) if times else (0, 1)
    pause = 1.5 * min((later - when for when, later in zip(times, times[1:])), default=1)
    top = ceiling(max((value for _name, points in drawn for _when, value in points), default=0))
    across, room = (WIDTH - LEFT - RIGHT) / max(1, last - first), HEIGHT - TOP - BOTTOM
    shapes = [_line(HEIGHT - BOTTOM), _line(TOP), _text(LEFT - 6, TOP + 4, short(top), "end")]
    shapes += [_text(LEFT - 6, HEIGHT - BOTTOM, "0", "end")]
    if drawn:
        for when, place, anchor in ((first, LEFT, "start"), (last, WIDTH - RIGHT, "end")):
            shapes.append(_text(place, HEIGHT - 8, _clock(when), anchor))
    height = HEIGHT
    for number, (name, points) in enumerate(drawn):
        for part in _unbroken(points, pause):
            # A point that stands alone is drawn as a dot.
            places = [
                f"{LEFT + (when - first) * across:.1f},{HEIGHT - BOTTOM - room * max(0, value) / top:.1f}"
                for when, value in (part if len(part) > 1 else part * 2)
            ]
            shapes.append(f'<polyline class="kind-{number}" points="{" ".join(places)}"/>')
        height += LEGEND
        ended = last - points[-1][0] > pause
        now = f"nothing since {_clock(points[-1][0])}" if ended else f"now {short(points[-1][1])}"
        shapes += [
            f'<polyline class="kind-{number}" points="{LEFT},{height - 12} {LEFT + 30},{height - 12}"/>',
            _text(LEFT + 38, height - 8, f"{name}: {now}", "start"),
        ]
    if len(found) > len(drawn):
        height += LEGEND
        shapes.append(_text(LEFT + 38, height - 8, f"and {len(found) - len(drawn)} that are lower", "start"))
    told = "There is nothing to show."
    if drawn:
        told = f"{len(found)} lines. " + " ".join(_told_line(name, points) for name, points in drawn)
    return _image(title, told, height + 4, shapes)


def _unbroken(points: Sequence[tuple[float, float]], pause: float) -> list[list[tuple[float, float]]]:
    """The points in pieces, between which a longer pause lies."""
    pieces = [[points[0]]]
    for before, point in zip(points, points[1:]):
        if point[0] - before[0] > pause:
            pieces.append([])
        pieces[-1].append(point)
    return pieces


def _clock(when: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(when))


def _told_line(name: str, points: Sequence[tuple[float, float]]) -> str:
    values = [value for _when, value in points]
    return f"{name}: from {short(min(values))} to {short(max(values))}, in the end {short(values[-1])}."


def ceiling(number: float) -> float:
    """The next number of the kind 1, 2, 5, 10 ... that a scale may end at."""
    step = 1.0
    while number > step * 5:
        step *= 10
    while 0 < number <= step / 2:
        step /= 10
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
