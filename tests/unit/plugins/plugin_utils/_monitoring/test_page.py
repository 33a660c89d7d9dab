# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for whoever is on call."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from ansible_collections.postfix_manager.mail.plugins.plugin_utils._monitoring.page import questions, view

END = 1795608000
PANELS = [
    {"title": "Queue", "query": "queue > 0", "column": "queue"},
    {"title": "Free", "query": "free", "unit": "percentunit"},
]
SERVERS = {"prometheus": "http://127.0.0.1:9090", "alertmanager": "http://127.0.0.1:9093"}


def alert(name, host, since, severity="warning", state="firing"):
    return {
        "labels": {"alertname": name, "instance": host, "severity": severity},
        "annotations": {"summary": f"{name} of {host}", "description": "It is so.", "runbook": "Mend it."},
        "state": state,
        "activeAt": f"2026-11-25T{since}.123456789Z",
    }


def ruled(*alerts):
    rules = [{"name": "one", "alerts": list(alerts)}, {"name": "two", "alerts": []}]
    return {"status": "success", "data": {"groups": [{"rules": rules}]}}


def vector(*rows):
    return {"data": {"result": [{"metric": metric, "value": [END, value]} for metric, value in rows]}}


def matrix(*rows):
    return {"data": {"result": [{"metric": metric, "values": values} for metric, values in rows]}}


UP = vector(
    ({"instance": "mx1", "job": "host"}, "1"),
    ({"instance": "mx2", "job": "host"}, "1"),
    ({"instance": "mx2", "job": "dovecot"}, "0"),
)
QUEUE = matrix(
    ({"__name__": "queue", "instance": "mx1"}, [[END - 360, "3"], [END, "4"]]),
    ({"__name__": "queue", "instance": "mx2"}, [[END - 7200, "9"], [END - 3600, "NaN"]]),
)
FREE = matrix(({"instance": "mx1"}, [[END, "0.25"]]), ({"instance": "mx2"}, [[END, "NaN"]]))


def seen(told=(), rules=None, up=None, full=None, drawn=(QUEUE, FREE)):
    return view(PANELS, [list(told), rules or ruled(), up or UP, full or vector(), *drawn], END, 24, "watch")


def test_questions_are_addresses_that_say_what_is_wanted():
    asked = questions(PANELS, SERVERS, END, 24)
    assert asked[:2] == ["http://127.0.0.1:9093/api/v2/alerts", "http://127.0.0.1:9090/api/v1/rules?type=alert"]
    assert len(asked) == 4 + len(PANELS)
    assert parse_qs(urlsplit(asked[4]).query) == {
        "query": ["queue > 0"],
        "start": [str(END - 86400)],
        "end": [str(END)],
        "step": ["360"],
    }


def test_all_is_well():
    page = seen(up=vector(({"instance": "mx1", "job": "host"}, "1")))
    assert page["headline"] == "No alert now. 1 of 1 exporter answer, 2 rules watch them."
    assert (page["wrong"], page["firing"], page["pending"], page["silent"]) == ([], [], [], [])


def test_the_worst_comes_first_and_then_the_oldest():
    page = seen(
        rules=ruled(
            alert("Late", "mx1", "11:59:00", "critical"),
            alert("Warned", "mx2", "09:00:00"),
            alert("Early", "mx1", "11:00:00", "critical"),
            alert("Soon", "mx1", "11:59:59", state="pending"),
            alert("Odd", "mx1", "08:00:00", "other"),
        )
    )
    assert page["headline"] == "4 alerts now: 2 critical, 1 warning, 1 other."
    assert [one["name"] for one in page["firing"]] == ["Early", "Late", "Warned", "Odd"]
    assert page["firing"][0]["since"] == "2026-11-25 11:00"
    assert page["firing"][0]["age"] == END - 1795604400
    assert page["firing"][0]["runbook"] == "Mend it."
    assert [one["name"] for one in page["pending"]] == ["Soon"]


def test_what_nobody_is_told_of_stands_apart():
    down, follows, silenced = (alert(name, "mx1", "11:00:00", "critical") for name in ("Down", "Follows", "Silenced"))
    told = [
        {"labels": down["labels"], "status": {"silencedBy": [], "inhibitedBy": []}},
        {"labels": follows["labels"], "status": {"silencedBy": [], "inhibitedBy": ["a"]}},
        {"labels": silenced["labels"], "status": {"silencedBy": ["b"], "inhibitedBy": []}},
    ]
    page = seen(told, ruled(down, follows, silenced))
    assert page["headline"] == "1 alert now: 1 critical."
    assert [(one["name"], one["why"]) for one in page["silent"]] == [
        ("Follows", "follows from another alert"),
        ("Silenced", "silenced"),
    ]


def test_each_host_has_its_row_and_no_old_number():
    page = seen(rules=ruled(alert("Full", "mx3", "11:00:00")))
    assert page["hosts"] == [
        {"name": "mx3", "alerts": 1, "answers": "none", "queue": None},
        {"name": "mx2", "alerts": 0, "answers": "not dovecot", "queue": None},
        {"name": "mx1", "alerts": 0, "answers": "all", "queue": 4},
    ]


def test_plots_hold_what_there_is():
    plots = seen()["plots"]
    assert [(plot["title"], [one["name"] for one in plot["series"]]) for plot in plots] == [
        ("Queue", ["mx1", "mx2"]),
        ("Free (%)", ["mx1"]),
    ]
    assert plots[1]["series"][0]["points"] == [(END, 25.0)]
    assert seen(drawn=(matrix(), None))["plots"] == []


def test_what_is_full_soon_is_named():
    name = "instance_mountpoint:node_filesystem_full:days"
    page = seen(
        full=vector(
            ({"__name__": name, "instance": "mx1", "mountpoint": "/srv"}, "4.26"),
            ({"__name__": "instance:postfix_manager_queue_full:days", "instance": "mx2"}, "0.5"),
            ({"__name__": name, "instance": "mx1", "mountpoint": "/"}, "300"),
            ({"__name__": name, "instance": "mx1", "mountpoint": "/var"}, "+Inf"),
        )
    )
    assert page["forecast"] == [
        {"name": "mx2", "what": "its mail queue", "days": 0.5},
        {"name": "mx1", "what": "file system /srv", "days": 4.3},
    ]


def test_a_monitoring_that_is_blind_says_so():
    page = view(PANELS, [None] * 6, END, 24, "watch")
    assert page["headline"] == "Nothing is known."
    assert [sentence.partition(",")[0] for sentence in page["wrong"]] == [
        "Prometheus on watch does not answer",
        "Alertmanager on watch does not answer",
    ]
    assert "asks no exporter" in seen(up=vector())["wrong"][0]
    assert "has no rules" in seen(rules={"data": {"groups": []}})["wrong"][0]
