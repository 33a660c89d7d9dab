# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from xml.etree import ElementTree

import pytest
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._report.svg import (
    bars,
    ceiling,
    columns,
    lines,
    short,
)

ROWS = [{"hour": "08:00", "received": 3}, {"hour": "09:00", "received": 0}, {"hour": "<10>", "received": 7}]


@pytest.mark.parametrize("plot", [columns, bars])
def test_a_plot_says_in_words_what_one_sees(plot):
    image = ElementTree.fromstring(plot(ROWS, "hour", "received", "Received & kept"))
    told = {child.tag: (child.get("id"), child.text) for child in image if child.tag in ("title", "desc")}
    assert image.get("role") == "img"
    assert image.get("aria-labelledby").split() == [told["title"][0], told["desc"][0]]
    assert told["title"][1] == "Received & kept"
    assert told["desc"][1] == "3 values, from 0 to 7; the highest at <10>."


def test_columns_stand_on_the_axis_and_reach_up_to_their_number():
    image = ElementTree.fromstring(columns(ROWS, "hour", "received", "Received"))
    heights = [float(shape.get("height")) for shape in image if shape.tag == "rect"]
    bottoms = {float(shape.get("y")) + float(shape.get("height")) for shape in image if shape.tag == "rect"}
    assert heights == [36.0, 84.0]
    assert bottoms == {132.0}


def test_bars_are_as_long_as_their_numbers():
    image = ElementTree.fromstring(bars(ROWS, "hour", "received", "Received"))
    widths = [float(shape.get("width")) for shape in image if shape.tag == "rect"]
    assert widths[0] / widths[2] == pytest.approx(3 / 7, abs=0.01)
    assert widths[1] == 0


@pytest.mark.parametrize("plot", [columns, bars])
@pytest.mark.parametrize("rows", [[], [{"hour": "08:00", "received": 0}]])
def test_nothing_to_show_is_said(plot, rows):
    assert "There is nothing to show." in plot(rows, "hour", "received", "Received")


@pytest.mark.parametrize(
    ("number", "end"), [(0, 1), (0.03, 0.05), (0.2, 0.2), (1, 1), (3, 5), (6, 10), (12, 20), (999, 1000), (1001, 2000)]
)
def test_scales_end_at_round_numbers(number, end):
    assert ceiling(number) == pytest.approx(end)


@pytest.mark.parametrize(
    ("number", "text"), [(0.01, "0.01"), (7, "7"), (1234, "1234"), (12345, "12.3k"), (1.5e6, "1.5M"), (2e9, "2G")]
)
def test_numbers_beside_a_plot_are_short(number, text):
    assert short(number) == text


def plotted(series):
    image = ElementTree.fromstring(lines(series, "Queue"))
    drawn = [(shape.get("class"), shape.get("points")) for shape in image if shape.tag == "polyline"]
    told = next(child.text for child in image if child.tag == "desc")
    return drawn, told, [child.text for child in image if child.tag == "text"]


def test_lines_differ_and_are_told():
    series = [
        {"name": "mx1 & co", "points": [[0, "1"], [60, "2"], [120, "4"]]},
        {"name": "mx2", "points": [[0, 2], [60, "NaN"], [120, 0]]},
        {"name": "gone", "points": []},
    ]
    drawn, told, texts = plotted(series)
    assert [kind for kind, _points in drawn] == ["kind-0", "kind-0", "kind-1", "kind-1", "kind-1"]
    assert drawn[0][1] == "56.0,108.0 344.0,84.0 632.0,36.0"
    assert told == "2 lines. mx1 & co: from 1 to 4, in the end 4. mx2: from 0 to 2, in the end 0."
    assert {"1970-01-01 00:02", "mx1 & co: now 4", "mx2: now 0"} <= set(texts)


def test_a_line_has_a_hole_where_nothing_is_known():
    series = [
        {"name": "mx1", "points": [[when, 1] for when in range(0, 600, 60)]},
        {"name": "mx2", "points": [[0, 1], [60, 1], [300, 1]]},
    ]
    drawn, _told, texts = plotted(series)
    pieces = [points.split() for kind, points in drawn if kind == "kind-1"][:-1]
    assert [len(set(piece)) for piece in pieces] == [2, 1]
    assert "mx2: nothing since 1970-01-01 00:05" in texts


def test_of_many_lines_the_highest_are_drawn():
    series = [{"name": f"mx{number}", "points": [[0, 9], [60, number]]} for number in range(9)]
    drawn, told, texts = plotted(series)
    assert len({kind for kind, _points in drawn}) == 6
    assert "mx3: now 3" in texts
    assert "mx2: now 2" not in texts
    assert "and 3 that are lower" in texts
    assert told.startswith("9 lines. mx3")


def test_no_line_is_said():
    assert "There is nothing to show." in lines([], "Queue")
