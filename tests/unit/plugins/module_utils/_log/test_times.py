# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.times import Clock, clipped, moment, utc

DAY = 86400
# 2 January 2026, 10:00 in UTC.
JANUARY = 1_767_348_000


def shown(line, reference=JANUARY):
    return utc(Clock(reference).epoch(line.encode()))


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ("Jan  2 09:00:00 mx x: y", "2026-01-02T09:00:00Z"),
        ("Jan 2 09:00:00 mx x: y", "2026-01-02T09:00:00Z"),
        ("Jan  3 09:00:00 mx x: y", "2026-01-03T09:00:00Z"),
        ("Jan  4 09:00:00 mx x: y", "2025-01-04T09:00:00Z"),
        ("Dec 31 23:59:59 mx x: y", "2025-12-31T23:59:59Z"),
        ("Feb 29 12:00:00 mx x: y", "2024-02-29T12:00:00Z"),
        ("2026-01-02T09:00:00.123456+02:00 mx x: y", "2026-01-02T07:00:00Z"),
        ("2026-01-02T09:00:00.123456+0200 mx x: y", "2026-01-02T07:00:00Z"),
        ("2026-01-02T09:00:00Z mx x: y", "2026-01-02T09:00:00Z"),
        ("2026-01-02 09:00:00 #12(normal) x: y", "2026-01-02T09:00:00Z"),
    ],
)
def test_a_time_stamp_is_read(line, time):
    assert shown(line) == time


def test_lines_of_one_day_keep_their_times_apart():
    clock = Clock(JANUARY)
    lines = [f"2026-01-02{between}09:0{minute}:00.5 mx x: y" for minute in range(3) for between in "T "]
    assert [utc(clock.epoch(line.encode())) for line in lines] == [
        f"2026-01-02T09:0{minute}:00Z" for minute in range(3) for _between in "T "
    ]


@pytest.mark.parametrize(
    "line", ["", "Nox  1 00:00:00 x", "Jan 32 00:00:00 x", "Jan  1 25:00:00 x", "2026-13-01T00:00:00Z x", "x"]
)
def test_what_is_no_time_stamp_has_no_time(line):
    assert shown(line) is None


@pytest.mark.parametrize(
    ("text", "epoch"),
    [
        ("2h", JANUARY - 7200),
        ("7d", JANUARY - 7 * DAY),
        ("30 m", JANUARY - 1800),
        ("2026-01-02", JANUARY - 36000),
        ("2026-01-02 10:00", JANUARY),
        ("2026-01-02T12:00:00+02:00", JANUARY),
        ("2026-01-02T10:00:00Z", JANUARY),
        ("yesterday", None),
        ("", None),
        ("2026-02-30", None),
        ("99999-01-01", None),
    ],
)
def test_an_option_names_a_time(text, epoch):
    assert moment(text, JANUARY) == epoch


def lines(*hours):
    return b"".join(b"Jan  2 %02d:00:00 mx x: %d\n" % (hour, hour) for hour in hours)


def test_lines_between_two_times_are_kept():
    kept = b"".join(
        clipped([lines(1, 2, 3), lines(4, 5), lines(6)], Clock(JANUARY), JANUARY - 8 * 3600, JANUARY - 5 * 3600)
    )
    assert kept == lines(2, 3, 4, 5)


def test_lines_without_a_time_go_with_the_one_before():
    block = lines(1) + b"more of it\n" + lines(3) + b"and of this\n"
    assert b"".join(clipped([block], Clock(JANUARY), JANUARY - 8 * 3600, None)) == lines(3) + b"and of this\n"


def test_without_limits_everything_is_kept():
    assert list(clipped([b"x\n"], Clock(JANUARY), None, None)) == [b"x\n"]
