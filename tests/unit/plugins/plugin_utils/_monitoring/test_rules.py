# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules: limits put in, changes made, mistakes named; and that each alert of the role has its tests and texts."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._monitoring.rules import RulesError, rules

ROOT = Path(__file__).resolve().parents[5]
TEXT = """
groups:
  - name: g
    rules:
      - {record: r, expr: "x > ${most}"}
      - {alert: A, expr: "x > ${most}", for: 1m, labels: {severity: warning}, annotations: {summary: "{{ $value }}"}}
"""
ROLE = yaml.safe_load((ROOT / "roles/monitoring/files/rules.yml").read_text(encoding="utf-8"))
ALERTS = {rule["alert"]: rule for group in ROLE["groups"] for rule in group["rules"] if "alert" in rule}
TESTS = [
    test
    for name in ("rules_test.yml", "rules_slow_test.yml")
    for group in yaml.safe_load((ROOT / "extensions/molecule/monitoring/rules" / name).read_text(encoding="utf-8"))[
        "tests"
    ]
    for test in group["alert_rule_test"]
]


def made(limits, changes):
    return yaml.safe_load(rules(TEXT, limits, changes))["groups"][0]["rules"]


def test_limits_are_put_in_and_the_texts_of_alerts_stay():
    assert made({"most": 5}, {}) == [
        {"record": "r", "expr": "x > 5"},
        {
            "alert": "A",
            "expr": "x > 5",
            "for": "1m",
            "labels": {"severity": "warning"},
            "annotations": {"summary": "{{ $value }}"},
        },
    ]


def test_an_alert_is_changed_or_left_out():
    alert = made({"most": 5}, {"A": {"for": "1h30m", "labels": {"severity": "critical", "team": "b"}}})[1]
    assert alert["for"] == "1h30m"
    assert alert["labels"] == {"severity": "critical", "team": "b"}
    assert [rule.get("alert") for rule in made({"most": 5}, {"A": {"enabled": False}})] == [None]


@pytest.mark.parametrize(
    ("limits", "changes", "said"),
    [
        ({}, {}, "monitoring_limits.most: is missing"),
        ({"most": 1, "least": 1}, {}, "monitoring_limits.least: there is no such limit"),
        ({"most": "1 or vector(1)"}, {}, "monitoring_limits.most: '1 or vector"),
        ({"most": -1}, {}, "is no number from 0 on"),
        ({"most": True}, {}, "is no number from 0 on"),
        ({"most": 1}, {"B": {}}, "monitoring_alerts.B: there is no such alert"),
        ({"most": 1}, {"A": {"expr": "1"}}, "monitoring_alerts.A: holds expr"),
        ({"most": 1}, {"A": {"for": "soon"}}, "monitoring_alerts.A.for: 'soon' is no time"),
    ],
)
def test_what_is_wrong_is_named(limits, changes, said):
    with pytest.raises(RulesError) as caught:
        rules(TEXT, limits, changes)
    assert said in str(caught.value)


def test_everything_that_is_wrong_is_named_at_once():
    with pytest.raises(RulesError) as caught:
        rules(TEXT, {"least": 1}, {"B": {"for": "x"}})
    assert len(str(caught.value).splitlines()) == 4


@pytest.mark.parametrize("name", ALERTS)
def test_each_alert_has_a_test_that_fires_it_and_one_that_does_not(name):
    expected = [bool(test["exp_alerts"]) for test in TESTS if test["alertname"] == name]
    assert True in expected
    assert False in expected


@pytest.mark.parametrize("name", ALERTS)
def test_each_alert_says_what_it_means_and_what_to_do_and_stands_in_the_guide(name):
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert {"summary", "description", "runbook"} <= set(rule["annotations"])
    assert f"### {name}\n" in (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
