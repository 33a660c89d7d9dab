# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the files are written."""

import pytest


def test_what_is_defined_twice(catalogue):
    master = "smtp inet n - y - - smtpd\npickup unix n - n 60 1 pickup\npickup unix n - n 60 1 pickup\n"
    found = catalogue.findings("a = 1\nb = 2\na = 3\n", master)
    assert [(one.code, one.severity, one.line, one.name) for one in found] == [
        ("defined_twice", "warning", 4, "a"),
        ("defined_twice", "warning", 3, "pickup/unix"),
    ]
    assert "line 2" in found[0].message
    assert found[1].file == "/etc/postfix/master.cf"


@pytest.mark.parametrize(("asked", "severity"), [(["biff"], "error"), ([], "warning")])
def test_a_comment_behind_a_value(catalogue, asked, severity):
    assert catalogue("biff = no # not now\n", asked=asked) == [("comment_in_value", severity, 1, "biff")]


@pytest.mark.parametrize(
    "main",
    ["smtpd_banner = a # b\n", "mailbox_command = x # y\n", "header_checks = pcre:{{/^# /i OK}}\n", "x = a#b\n"],
)
def test_a_hash_that_belongs_there(catalogue, main):
    assert catalogue(main) == []


@pytest.mark.parametrize("main", ["command_time_limit = 5s # x\n", "my_filter_destination_rate_delay = 1s # x\n"])
def test_a_number_is_no_text_by_its_name(catalogue, main):
    assert catalogue(main) == [("comment_in_value", "warning", 1, main.split()[0])]


def test_a_name_that_leads_back_to_itself(catalogue):
    assert catalogue("a = $b\nb = x ${c}\nc = $(a)\nd = $a\n") == [
        ("recursive_name", "error", line, name) for line, name in ((1, "a"), (2, "b"), (3, "c"))
    ]


def test_an_override_may_build_on_main_cf(catalogue):
    master = "smtp inet n - y - - smtpd -o mua=$mua\n"
    assert catalogue("mua = reject\n", master) == []
