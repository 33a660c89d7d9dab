# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from xml.etree import ElementTree

import pytest
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._report.svg import bars, ceiling, columns, short

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


@pytest.mark.parametrize(("number", "end"), [(0, 1), (1, 1), (3, 5), (6, 10), (12, 20), (999, 1000), (1001, 2000)])
def test_scales_end_at_round_numbers(number, end):
    assert ceiling(number) == end


@pytest.mark.parametrize(
    ("number", "text"), [(0.01, "0.01"), (7, "7"), (1234, "1234"), (12345, "12.3k"), (1.5e6, "1.5M"), (2e9, "2G")]
)
def test_numbers_beside_a_plot_are_short(number, text):
    assert short(number) == text
