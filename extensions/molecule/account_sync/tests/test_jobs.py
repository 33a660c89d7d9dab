# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the timers do, and what monitoring hears of it."""

import time

import pytest

JOBS = ("timed", "live")


@pytest.fixture(scope="module", autouse=True)
def timers(library):
    """They run for these tests alone, from no memory and no database."""
    units = " ".join(f"postfix-manager-account-sync-{name}.timer" for name in JOBS)
    library.sh("rm -rf /srv/timed.* /srv/live.* /var/lib/postfix_manager/status/* /var/lib/postfix_manager/sync/*")
    library.sh(f"systemctl start {units}")
    yield
    library.stop_jobs()


def test_the_timer_runs_it_and_tells_monitoring(firm):
    database = "/srv/timed.sqlite"
    firm.wait(lambda: firm.status("timed").get("success"), 60, "the timer made the database")
    firm.replace(2, "firmLast", "Timer")
    took = firm.wait(lambda: "Bob Timer" in str(firm.boxes("username LIKE 'bob@%'", database)), 60, "the timer ran")
    print(f"by the timer after {took:.1f} s")
    firm.wait(lambda: firm.status("timed").get("counts"), 20, "the status was written")
    found = firm.status("timed")
    assert found["success"] is True
    assert found["counts"]["seen"] == 24
    assert time.time() - found["last_success"] < 120
    assert firm.sh("stat -c %a /etc/postfix_manager/account_sync/timed.json") == "600\n"
    shown = firm.sh("systemctl cat postfix-manager-account-sync-timed.service; ls -l /var/lib/postfix_manager/sync/")
    assert "reader-test-password" not in shown
    # A fault is told, and the last success stays known.
    firm.sh("systemctl stop postfix-manager-account-sync-timed.timer postfix-manager-account-sync-timed.service")
    firm.sh("mkdir -p /var/lib/prometheus/node-exporter")
    firm.sh("sh /srv/directory stop; ! systemctl start postfix-manager-account-sync-timed.service")
    failed = firm.status("timed")
    assert failed["success"] is False
    assert "3891" in failed["message"]
    assert failed["last_success"] >= found["last_success"]
    metrics = firm.sh("cat /var/lib/prometheus/node-exporter/postfix_manager_account_sync_timed.prom")
    assert 'postfix_manager_job_success{job="account_sync_timed"} 0' in metrics
    firm.sh("sh /srv/directory start; systemctl start postfix-manager-account-sync-timed.service")
    metrics = firm.sh("cat /var/lib/prometheus/node-exporter/postfix_manager_account_sync_timed.prom")
    assert 'postfix_manager_job_count{job="account_sync_timed",of="seen"} 24' in metrics
    firm.sh("systemctl start postfix-manager-account-sync-timed.timer")


def test_a_second_run_is_skipped_while_one_goes_on(firm):
    status = "/var/lib/postfix_manager/status/account_sync_timed.json"
    script = f"cat {status}; /usr/local/sbin/postfix-manager-account-sync timed; cat {status}"
    before, said, after = firm.sh(f"flock /var/lib/postfix_manager/sync/timed sh -euc '{script}'").splitlines()
    assert said == "timed: skipped, for another run is going on"
    assert before == after


def test_a_change_is_seen_within_seconds(firm):
    database = "/srv/live.sqlite"
    firm.wait(lambda: firm.status("live").get("success"), 60, "the database was made")
    # The process ended when its server was stopped, and the timer starts it again.
    is_listening = "ss -Htnp state established | grep -c 3891 || :"
    firm.wait(lambda: int(firm.sh(is_listening)) >= 1, 60, "the live process is connected")
    firm.replace(2, "firmLast", "Before")
    firm.wait(lambda: "Before" in str(firm.boxes("username LIKE 'bob@%'", database)), 30, "the first change")
    times = []
    for name in ("One", "Two", "Three"):
        firm.replace(2, "firmLast", name)
        seen = f"Bob {name}"
        times.append(firm.wait(lambda seen=seen: seen in str(firm.boxes("username LIKE 'bob@%'", database)), 30, seen))
    print(f"live after {max(times):.1f} s at most")
    firm.modify("dn: firmNumber=2,ou=here,o=firm\nchangetype: delete\n")
    firm.wait(lambda: firm.boxes("username LIKE 'bob@%'", database)[0].endswith("|0"), 30, "disabled")
