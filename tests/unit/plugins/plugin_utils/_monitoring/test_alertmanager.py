# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alertmanager: who is told what and when, and what is refused."""

from __future__ import annotations

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._monitoring.alertmanager import alertmanager
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._monitoring.rules import RulesError

SMTP = {"server": "mail.outside.example:587", "from": "alerts@example.org", "username": "u", "password": "secret-word"}
HOOK = {"name": "team", "webhook": "https://hook.example/secret-path"}


def test_each_receiver_has_a_route_and_escalation_waits():
    receivers = [
        {**HOOK, "severities": ["critical"]},
        {"name": "boss", "email": ["a@example.net", "b@example.net"], "after": "30m", "repeat": "1d"},
    ]
    made = yaml.safe_load(alertmanager(receivers, SMTP, ["mx.example.org"]))
    assert made["route"]["routes"] == [
        {"receiver": "team", "matchers": ['severity =~ "critical"'], "continue": True},
        {
            "receiver": "boss",
            "matchers": ['severity =~ "critical|warning"'],
            "continue": True,
            "group_wait": "30m",
            "repeat_interval": "1d",
        },
    ]
    assert made["receivers"][1]["webhook_configs"] == [{"url": HOOK["webhook"], "send_resolved": True}]
    assert made["receivers"][2]["email_configs"] == [{"to": "a@example.net, b@example.net", "send_resolved": True}]
    assert made["global"]["smtp_auth_password"] == "secret-word"
    assert made["global"]["smtp_require_tls"] is True


def test_nobody_need_be_told():
    made = yaml.safe_load(alertmanager([], {}, []))
    assert made["route"]["receiver"] == made["receivers"][0]["name"] == "nobody"
    assert "global" not in made


@pytest.mark.parametrize(
    ("receivers", "smtp", "said"),
    [
        ([{"name": "a"}], {}, "monitoring_receivers[0]: can be told by neither"),
        ([HOOK, HOOK], {}, "monitoring_receivers[1].name: 'team' is missing or taken"),
        ([{**HOOK, "name": "nobody"}], {}, "'nobody' is missing or taken"),
        ([{**HOOK, "mail": "x"}], {}, "monitoring_receivers[0]: holds mail"),
        ([{**HOOK, "webhook": "secret-path"}], {}, "monitoring_receivers[0].webhook: is no address"),
        ([{**HOOK, "severities": ["info"]}], {}, "'info' is none"),
        ([{**HOOK, "after": "soon"}], {}, "monitoring_receivers[0].after: 'soon' is no time"),
        ([{"name": "a", "email": "a@example.net"}], SMTP, "monitoring_receivers[0].email: is no list"),
        ([{"name": "a", "email": ["a@example.net"]}], {}, "monitoring_smtp: is missing"),
        ([], {**SMTP, "server": "mx.example.org:25"}, "mx.example.org is one of the servers that are watched"),
        ([], {**SMTP, "server": "localhost:25"}, "localhost is one of the servers that are watched"),
        ([], {**SMTP, "server": "outside.example"}, "is no server with a port"),
        ([], {**SMTP, "from": "alerts"}, "monitoring_smtp.from: 'alerts' is no address"),
        ([], {**SMTP, "password": ""}, "monitoring_smtp.password: is missing"),
        ([], {**SMTP, "port": 25}, "monitoring_smtp: holds port"),
    ],
)
def test_what_is_wrong_is_named_without_secrets(receivers, smtp, said):
    with pytest.raises(RulesError) as caught:
        alertmanager(receivers, smtp, ["MX.example.org", ""])
    assert said in str(caught.value)
    assert "secret" not in str(caught.value)
