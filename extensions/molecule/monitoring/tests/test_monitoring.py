# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each target is up, the rules keep their tests, and each fault that a container can have raises its alert.

Each test goes on where the one before it ended: all is well, faults are made, the monitoring itself fails.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
import testinfra
import yaml
from ansible_collections.postfix_manager.mail.plugins.plugin_utils._monitoring.rules import rules
from browser import ADDRESS, START, connected, overflows, shown, violations

ROOT = Path(os.environ["TESTBED_ROOT"])
SCENARIO = ROOT / "extensions/molecule/monitoring"
PROM = "/var/lib/prometheus/node-exporter/postfix_manager_{}.prom"
PATIENCE = 240

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


def play(name, **variables):
    """Run a playbook of the collection on the host that watches; its code and what it said."""
    argv = ["ansible-playbook", "-i", os.environ["MOLECULE_INVENTORY_FILE"], "-l", "debian13"]
    argv += [f"postfix_manager.mail.{name}", "-e", json.dumps(variables)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done.returncode, done.stdout


class Words(HTMLParser):
    """The words of a page outside its script, style and plots."""

    def __init__(self, html):
        super().__init__()
        self.words, self.inside = "", ""
        self.feed(html)

    def handle_starttag(self, tag, _attrs):
        self.inside = self.inside or (tag if tag in ("script", "style", "svg") else "")

    def handle_endtag(self, tag):
        self.inside = "" if tag == self.inside else self.inside

    def handle_data(self, data):
        self.words += "" if self.inside else data


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Writes the page and gives its text."""
    folder = Path(os.environ.get("MONITORING_PAGES") or tmp_path_factory.mktemp("pages"))

    def write(name):
        code, _said = play("monitoring_page", monitoring_page_host="debian13", monitoring_page_directory=str(folder))
        assert code == 0
        made = folder / "monitoring.html"
        made.rename(folder / f"{name}.html")
        return (folder / f"{name}.html").read_text()

    return write


@pytest.fixture(scope="module")
def browser(watcher):
    watcher.check_output(START)
    name = f"{os.environ['TESTBED_PREFIX']}-{os.environ['MOLECULE_SCENARIO_NAME']}-debian13"
    argv = [ROOT / "tools/container", "address", name]
    address = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(connected(address))


def anybody_can_use(browser, html):
    for scheme, width in (("light", 1280), ("dark", 320)):
        with shown(browser, html, scheme, width) as (seen, asked):
            assert violations(seen) == []
            assert set(asked) == {ADDRESS}
            assert not overflows(seen)
            # axe-core looks at text alone. A line must stand out from the page as well.
            page, lines = seen.evaluate(
                "[getComputedStyle(document.body).backgroundColor, "
                "[...document.querySelectorAll('polyline')].map(line => getComputedStyle(line).stroke)]"
            )
            assert lines
            assert min(contrast(page, line) for line in set(lines)) >= 3


def contrast(one, other):
    def light(colour):
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05

    return max(light(one), light(other)) / min(light(one), light(other))


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


def test_our_figures_are_named_as_is_usual(hosts, watcher):
    for name in NAMES:
        for source in ("queue", "directory", "certificates"):
            text = hosts[name].check_output("cat %s", PROM.format(source))
            assert "# HELP postfix_manager_collector_success" in text
            watcher.run_expect([0], f"promtool check metrics <<'WHOLE'\n{text}\nWHOLE")
    assert watcher.run("echo 'mails_total{} 1' | promtool check metrics").rc != 0


def test_what_a_question_costs_is_known(hosts, watcher):
    """By exporter the mean seconds and the samples of a question, and what the collector takes from a processor."""
    found = {}
    for name in ("scrape_duration_seconds", "scrape_samples_scraped"):
        query = f"avg%20by%20(job)%20(avg_over_time({name}%5B1m%5D))"
        for row in ask(watcher, 9090, f"v1/query?query={query}")["data"]["result"]:
            found.setdefault(row["metric"]["job"], {})[name] = round(float(row["value"][1]), 4)
    sources = ask(watcher, 9090, "v1/query?query=postfix_manager_collector_duration_seconds")["data"]["result"]
    collector = {}
    for row in sources:
        collector.setdefault(row["metric"]["source"], {})[row["metric"]["instance"]] = float(row["value"][1])
    run = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); \
u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime)"
    program = "/usr/local/lib/postfix_manager/collector.pyz /etc/postfix_manager/collector.json /srv/figures"
    for name in NAMES:
        took = hosts[name].check_output(f"mkdir -p /srv/figures; python3 -c '{run}' python3 -I {program}")
        collector.setdefault("processor_seconds_of_a_run", {})[name] = round(float(took), 3)
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build/monitoring.json").write_text(json.dumps({"exporters": found, "collector": collector}) + "\n")
    assert set(found) == {"host", "dovecot", "haproxy", "prometheus", "alertmanager"}
    assert {"queue", "directory", "certificates"} < set(collector)


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


def test_the_page_says_that_all_is_well(browser, page):
    html = page("well")
    words = Words(html).words
    assert re.search(r"No alert now. 8 of 8 exporters answer, \d+ rules watch them.", words)
    assert "What to do" not in words
    assert all(name in words for name in NAMES)
    anybody_can_use(browser, html)


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


def test_the_page_says_what_is_wrong_and_what_to_do(browser, page):
    html = page("faults")
    words = " ".join(Words(html).words.split())
    assert "(!) Mail monitoring" in html
    assert re.search(r"\d+ alerts now: \d+ critical, \d+ warning", words)
    for sentence in (
        "dovecot.service does not run on debian12",
        "journalctl -u dovecot.service -n 50 says why",
        "ansible-playbook postfix_manager.mail.queue --limit debian12 says what they wait for",
        "not dovecot",
    ):
        assert sentence in words
    anybody_can_use(browser, html)


def test_a_configuration_that_does_not_run_is_taken_back(watcher):
    """promtool accepts it, and the daemon does not start with it: what was there before is put back, and runs."""
    files = "/etc/prometheus/prometheus.yml /etc/prometheus/postfix_manager/rules.yml /etc/default/prometheus"
    # The configuration that the faults broke, as it should be.
    assert play("monitoring")[0] == 0
    before = watcher.check_output(f"cat {files}")
    code, said = play("monitoring", monitoring_retention_days=10**9, monitoring_limits={"queue_messages": 7})
    assert code == 2
    assert "Prometheus and Alertmanager run as before. What failed: " in said
    assert watcher.check_output(f"cat {files}") == before
    assert ask(watcher, 9090, "v1/rules?type=alert")["data"]["groups"]


def test_the_page_says_when_nobody_watches(page, watcher):
    watcher.check_output("systemctl stop prometheus prometheus-alertmanager")
    words = Words(page("blind")).words
    assert "Nothing is known." in words
    assert "Prometheus on debian13 does not answer" in words
    assert "Alertmanager on debian13 does not answer" in words
