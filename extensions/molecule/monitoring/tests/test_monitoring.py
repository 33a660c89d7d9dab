# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each target is up, the rules keep their tests, and each fault that a container can have raises its alert."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
import testinfra
import yaml
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._monitoring.rules import rules

ROOT = Path(os.environ["TESTBED_ROOT"])
SCENARIO = ROOT / "extensions/molecule/monitoring"
PROM = "/var/lib/prometheus/node-exporter/postfix_manager_{}.prom"
PATIENCE = 120

# The alert, the host, and a label that says what of it.
FAULTS = {
    ("QueueTooLong", "debian12", ""),
    ("QueueGrowing", "debian12", ""),
    ("DestinationStuck", "debian12", "far.example"),
    ("ServiceDown", "debian12", "dovecot.service"),
    ("TargetDown", "debian12", "dovecot"),
    ("HAProxyServerDown", "debian13", "other"),
    ("HAProxyBackendDown", "debian13", "imap"),
    ("PostfixDown", "debian13", "host"),
    ("CertificateEndsSoon", "debian12", "/etc/ssl/mail/soon.pem"),
    ("CertificateEnds", "debian12", "/etc/ssl/mail/late.pem"),
    ("CollectorFailed", "debian13", "certificates"),
    ("ReplicationLag", "debian13", "dc=example,dc=test"),
    ("DiskFull", "debian12", "/srv/small"),
    ("InodesLow", "debian12", "/srv/few"),
    ("JobFailed", "debian12", "backup"),
    ("JobOverdue", "debian12", "backup"),
    ("ConfigurationNotLoaded", "debian13", "prometheus"),
}
# What else the same faults bring about; nothing more may be raised.
ALSO = {
    # postfix.service of Debian 13; that of Debian 12 is not stopped.
    ("ServiceDown", "debian13", "postfix.service"),
}

NAMES = ("debian12", "debian13")
# Labels that say what of a host an alert speaks of.
DETAILS = ("name", "source", "suffix", "mountpoint", "exported_job", "destination", "server", "proxy", "job")
CHANGE = (
    "printf 'dn: ou=new,dc=example,dc=test\\nobjectClass: organizationalUnit\\n' | ldapadd -QY EXTERNAL -H ldapi:///"
)


@pytest.fixture(scope="module")
def hosts():
    prefix = f"{os.environ['TESTBED_PREFIX']}-{os.environ['MOLECULE_SCENARIO_NAME']}"
    return {name: testinfra.get_host(f"podman://{prefix}-{name}") for name in NAMES}


@pytest.fixture(scope="module")
def watcher(hosts):
    return hosts["debian13"]


def ask(watcher, port, path):
    return json.loads(watcher.check_output(f"curl -sS --fail '127.0.0.1:{port}/api/{path}'"))


def wait_for(look, wanted):
    """What ``look`` returns once ``wanted`` says yes, or the last of it."""
    until = time.monotonic() + PATIENCE
    while True:
        found = look()
        if wanted(found) or time.monotonic() > until:
            return found
        time.sleep(1)


def raised(watcher):
    """The alerts in Alertmanager, as in FAULTS."""
    found = set()
    for alert in ask(watcher, 9093, "v2/alerts"):
        labels = alert["labels"]
        detail = next((labels[name] for name in DETAILS if name in labels), "")
        found.add((labels["alertname"], labels["instance"], detail))
    return found


def test_each_target_is_up(watcher):
    def look():
        targets = ask(watcher, 9090, "v1/targets")["data"]["activeTargets"]
        return {(one["labels"]["job"], one["labels"]["instance"]): one["health"] for one in targets}

    expected = {(job, name): "up" for job in ("host", "dovecot", "haproxy") for name in NAMES}
    expected |= {("prometheus", "debian13"): "up", ("alertmanager", "debian13"): "up"}
    assert wait_for(look, expected.__eq__) == expected


def test_each_source_gives_its_figures(watcher):
    for name in (
        *("queue_messages", "queue_oldest_message_age_seconds", "certificate_not_after_timestamp_seconds"),
        "ldap_context_csn_timestamp_seconds",
    ):

        def look(name=name):
            rows = ask(watcher, 9090, f"v1/query?query=postfix_manager_{name}")["data"]["result"]
            return {row["metric"]["instance"] for row in rows}

        assert wait_for(look, set(NAMES).__eq__) == set(NAMES), name
    rows = ask(watcher, 9090, "v1/query?query=postfix_manager_ldap_operations_completed_total")["data"]["result"]
    assert {row["metric"]["instance"] for row in rows} == {"debian12"}


def test_the_rules_keep_their_tests(watcher):
    limits = yaml.safe_load((ROOT / "roles/monitoring/vars/main.yml").read_text())["__monitoring_limits"]
    data = yaml.safe_load(rules((ROOT / "roles/monitoring/files/rules.yml").read_text(), limits, {}))
    for group in data["groups"]:
        for rule in group["rules"]:
            rule.pop("annotations", None)
    files = {"rules.yml": yaml.safe_dump(data)}
    files |= {name: (SCENARIO / "rules" / name).read_text() for name in ("rules_test.yml", "rules_slow_test.yml")}
    for name, text in files.items():
        watcher.run_expect([0], f"mkdir -p /var/tmp/rules; cat >/var/tmp/rules/{name} <<'END'\n{text}\nEND")
    watcher.run_expect([0], "cd /var/tmp/rules && promtool test rules rules_test.yml rules_slow_test.yml")


def test_nothing_is_raised_while_all_is_well(watcher):
    assert raised(watcher) == set()


def test_each_fault_raises_its_alert_and_no_other(hosts, watcher):
    for name in NAMES:
        script = (SCENARIO / f"faults/{name}.sh").read_text()
        hosts[name].run_expect([0], f"sh -s <<'WHOLE'\n{script}\nWHOLE")
    # The copy no longer hears of this.
    hosts["debian12"].run_expect([0], CHANGE)
    found = wait_for(lambda: raised(watcher), lambda found: found >= FAULTS | ALSO)
    assert found == FAULTS | ALSO


def test_people_are_told_with_a_text_that_helps(watcher):
    def look():
        told = watcher.run("cat /var/tmp/alerts").stdout.split("/secret-path ")
        alerts = [alert for text in told if text.strip() for alert in json.loads(text)["alerts"]]
        return {
            alert["labels"]["alertname"]
            for alert in alerts
            if alert["annotations"]["runbook"] and alert["annotations"]["summary"]
        }

    names = {name for name, _host, _detail in FAULTS}
    assert wait_for(look, lambda found: found >= names) == names


def test_what_is_secret_is_for_the_daemon_alone(watcher):
    found = watcher.file("/etc/prometheus/alertmanager.yml")
    assert (found.user, found.group, found.mode) == ("root", "prometheus", 0o640)
    assert "secret-path" not in watcher.check_output("cat /etc/prometheus/prometheus.yml; ps -ef")
