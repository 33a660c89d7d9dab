# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which verbs systemctl is asked, from the state of the units."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._service.planning import (
    Unit,
    Wanted,
    after,
    describe,
    parse_show,
    problems,
    verbs,
)

RUNNING = Unit("loaded", "active", "enabled")
STOPPED = Unit("loaded", "inactive", "enabled")
DISABLED = Unit("loaded", "active", "disabled")
MISSING = Unit("not-found", "inactive", "")


def wanted(state="started", enabled=True, reload=False, restart=False):
    return Wanted(state, enabled, reload, restart)


@pytest.mark.parametrize("name", ["postfix", "postfix.service", "postfix@-.service", "dev-disk\\x2d1.device"])
def test_names_of_units_pass(name):
    assert problems({"name": name, "active_unit": name}) == []


@pytest.mark.parametrize("name", ["", " ", "-rf", "two words", "a\nb", "nä.service", "x" * 256, "*.service", "/etc/x"])
def test_what_is_no_name_of_a_unit_is_refused(name):
    found = problems({"name": name, "active_unit": name})
    assert [problem.option for problem in found] == ["name", "active_unit"]
    assert problems({"name": "postfix", "active_unit": None}) == []


def test_show_of_two_units_is_parsed():
    text = (
        "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\n\n"
        "LoadState=not-found\nActiveState=inactive\nUnitFileState=\n"
    )
    assert parse_show(text) == [RUNNING, MISSING]


def test_a_unit_whose_file_has_changed_says_so():
    (unit,) = parse_show("LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nNeedDaemonReload=yes\n")
    assert unit == Unit("loaded", "active", "enabled", file_changed=True)


@pytest.mark.parametrize(
    ("options", "unit", "active", "asked"),
    [
        ({}, RUNNING, True, []),
        ({}, STOPPED, False, ["start"]),
        ({"reload": True}, RUNNING, True, ["reload"]),
        ({"reload": True, "restart": True}, RUNNING, True, ["restart"]),
        ({"reload": True}, STOPPED, False, ["start"]),
        ({"state": "stopped"}, RUNNING, True, ["stop"]),
        ({"state": "stopped"}, STOPPED, False, []),
        ({}, DISABLED, True, ["enable"]),
        ({"enabled": False}, RUNNING, True, ["disable"]),
        ({"enabled": None}, DISABLED, True, []),
    ],
)
def test_verbs(options, unit, active, asked):
    assert verbs(wanted(**options), unit, active) == asked


def test_a_oneshot_unit_whose_daemon_died_is_restarted():
    assert verbs(wanted(), RUNNING, active=False) == ["restart"]


def test_a_missing_unit_is_planned_as_its_package_leaves_it():
    assert verbs(wanted(), MISSING, active=False) == []
    assert verbs(wanted(reload=True), MISSING, active=False) == ["reload"]
    assert verbs(wanted(enabled=False, state="stopped"), MISSING, active=False) == ["disable", "stop"]


def test_the_diff_shows_a_reload_though_the_state_stays():
    assert after(wanted(), True, ["reload"]) == describe(True, True) + "reloaded\n"
    assert after(wanted(enabled=None, state="stopped"), False, ["stop"]) == "disabled\nstopped\n"
