# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration of Alertmanager from who is to be told what: escalation as routes, mail and webhooks. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import yaml

from .rules import refuse

SEVERITIES = ("critical", "warning")
TIME = re.compile(r"(\d+(ms|[smhdwy]))+")
RECEIVER = {"name", "email", "webhook", "severities", "after", "repeat"}
SMTP = {"server", "from", "username", "password", "require_tls"}
NOBODY = "nobody"


def alertmanager(receivers: Sequence[Mapping[str, Any]], smtp: Mapping[str, Any], monitored: Collection[str]) -> str:
    """The configuration file. ``monitored`` are the hosts that alerts speak of: mail must not depend on them."""
    refuse([*_receiver_problems(receivers), *_smtp_problems(receivers, smtp, monitored)])
    settings: dict[str, Any] = {"global": _global(smtp)} if smtp else {}
    settings["route"] = {
        "receiver": NOBODY,
        "group_by": ["alertname", "instance"],
        "group_wait": "10s",
        "group_interval": "2m",
        "repeat_interval": "4h",
        "routes": [_route(receiver) for receiver in receivers],
    }
    # A host that is down raises one alert, not one for each of its daemons.
    settings["inhibit_rules"] = [
        {
            "source_matchers": ["alertname = TargetDown", "job = host"],
            "target_matchers": ["alertname != TargetDown"],
            "equal": ["instance"],
        },
        {
            "source_matchers": ["alertname = CertificateEnds"],
            "target_matchers": ["alertname = CertificateEndsSoon"],
            "equal": ["instance", "source"],
        },
    ]
    settings["receivers"] = [{"name": NOBODY}, *(_receiver(receiver) for receiver in receivers)]
    return str(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True))


def _global(smtp: Mapping[str, Any]) -> dict[str, Any]:
    made = {
        "smtp_smarthost": smtp["server"],
        "smtp_from": smtp["from"],
        "smtp_require_tls": bool(smtp.get("require_tls", True)),
    }
    if smtp.get("username"):
        made |= {"smtp_auth_username": smtp["username"], "smtp_auth_password": smtp["password"]}
    return made


def _route(receiver: Mapping[str, Any]) -> dict[str, Any]:
    """A route of its own for each receiver: one that is told later waits that long before it is told at all."""
    route: dict[str, Any] = {
        "receiver": receiver["name"],
        "matchers": [f'severity =~ "{"|".join(receiver.get("severities", SEVERITIES))}"'],
        "continue": True,
    }
    if receiver.get("after"):
        route["group_wait"] = receiver["after"]
    if receiver.get("repeat"):
        route["repeat_interval"] = receiver["repeat"]
    return route


def _receiver(receiver: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"name": receiver["name"]}
    if receiver.get("email"):
        made["email_configs"] = [{"to": ", ".join(receiver["email"]), "send_resolved": True}]
    if receiver.get("webhook"):
        made["webhook_configs"] = [{"url": receiver["webhook"], "send_resolved": True}]
    return made


def _receiver_problems(receivers: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is wrong with whom to tell. The address of a webhook is a secret and is not repeated."""
    found = []
    names = [receiver.get("name") for receiver in receivers]
    for index, receiver in enumerate(receivers):
        place = f"monitoring_receivers[{index}]"
        unknown = sorted(set(receiver) - RECEIVER)
        if unknown:
            found.append(f"{place}: holds {', '.join(unknown)}; there are {', '.join(sorted(RECEIVER))}")
        if not receiver.get("name") or receiver["name"] == NOBODY or names.count(receiver["name"]) > 1:
            found.append(f"{place}.name: {receiver.get('name')!r} is missing or taken; give each a name of its own")
        if not receiver.get("email") and not receiver.get("webhook"):
            found.append(f"{place}: can be told by neither; give email or webhook")
        if isinstance(receiver.get("email"), str):
            found.append(f"{place}.email: is no list; write the address between brackets")
        if receiver.get("webhook") and not re.fullmatch(r"https?://[^\s/]+\S*", str(receiver["webhook"])):
            found.append(f"{place}.webhook: is no address; write one that begins with https://")
        for severity in receiver.get("severities", []):
            if severity not in SEVERITIES:
                found.append(f"{place}.severities: {severity!r} is none; there are {', '.join(SEVERITIES)}")
        for name in ("after", "repeat"):
            if receiver.get(name) and not TIME.fullmatch(str(receiver[name])):
                found.append(f"{place}.{name}: {receiver[name]!r} is no time; write it like 30m")
    return found


def _smtp_problems(
    receivers: Sequence[Mapping[str, Any]], smtp: Mapping[str, Any], monitored: Collection[str]
) -> list[str]:
    found = []
    unknown = sorted(set(smtp) - SMTP)
    if unknown:
        found.append(f"monitoring_smtp: holds {', '.join(unknown)}; there are {', '.join(sorted(SMTP))}")
    if not smtp:
        if any(receiver.get("email") for receiver in receivers):
            found.append("monitoring_smtp: is missing, and a receiver has email; give server and from")
        return found
    host, _colon, port = str(smtp.get("server", "")).rpartition(":")
    if not host or not port.isdigit():
        found.append(f"monitoring_smtp.server: {smtp.get('server')!r} is no server with a port; write host:587")
    elif host.strip("[]").lower() in {str(name).lower() for name in monitored} | {"localhost", "127.0.0.1", "::1"}:
        found.append(
            f"monitoring_smtp.server: {host} is one of the servers that are watched, so nobody would hear of its "
            "failure; name a mail server outside"
        )
    if "@" not in str(smtp.get("from", "")):
        found.append(f"monitoring_smtp.from: {smtp.get('from')!r} is no address; give the sender of alerts")
    if bool(smtp.get("username")) != bool(smtp.get("password")):
        lacking = "password" if smtp.get("username") else "username"
        found.append(f"monitoring_smtp.{lacking}: is missing; give username and password, or neither")
    return found
