# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that lost everything comes back from its backup, and undoes nothing that the other one was told since."""

from __future__ import annotations

import json
import re
import shlex

import pytest

BACKUPS = "/var/backups/openldap"
LOSE_EVERYTHING = (
    "systemctl stop slapd; DEBIAN_FRONTEND=noninteractive apt-get purge -y -qq slapd; "
    "rm -rf /etc/ldap /etc/default/slapd /var/lib/ldap"
)
# A copy of the newest backup under a later name, whose configuration names a certificate that is not there.
SPOILT = """
import hashlib, json, pathlib, shutil
new = pathlib.Path("/var/backups/openldap/29991231T235959Z")
newest = max(path for path in new.parent.iterdir() if path.is_dir())
shutil.copytree(newest, new)
text = (new / "config.ldif").read_text().replace("/etc/ldap/tls/ldap.pem", "/etc/ldap/tls/gone.pem")
(new / "config.ldif").write_text(text)
manifest = json.loads((new / "manifest.json").read_text())
manifest["config"]["sha256"] = hashlib.sha256(text.encode()).hexdigest()
(new / "manifest.json").write_text(json.dumps(manifest))
"""


@pytest.fixture
def people(servers, wait):
    """Removed from both when the test is over."""
    names = {"kept", "deleted", "later", "last"}
    yield
    for server in servers:
        wait(lambda server=server: server.host.run("systemctl is-active slapd").rc == 0)
    for uid in names & set(servers[0].people()):
        servers[0].delete(uid)
    wait(lambda: servers[0].people() == servers[1].people() == [])


def back_up(server):
    """By the unit that the timer starts."""
    server.host.check_output("systemctl start postfix-manager-directory-backup.service")
    return json.loads(server.host.check_output(f"cat {BACKUPS}/status.json"))


def test_a_backup_is_for_root_alone_and_says_how_it_went(servers):
    for server in servers:
        status = back_up(server)
        assert status["ok"], status
        assert status["last_success"] == status["last_try"]
        assert "entries of dc=example,dc=org" in status["message"]
        readable = server.host.check_output(f"find {BACKUPS} -perm /077 -o ! -user root")
        assert readable == ""
        assert server.host.check_output("systemctl is-enabled postfix-manager-directory-backup.timer") == "enabled"
        assert "postfix-manager-directory-backup.timer" in server.host.check_output("systemctl list-timers --no-pager")


def test_old_backups_go_and_a_failure_leaves_the_last_one(servers):
    server = servers[0]
    program = f"/usr/local/sbin/postfix-manager-directory-backup --directory {BACKUPS}.tried"
    for _time in range(3):
        server.host.check_output(f"{program} --keep 2")
    before = server.host.check_output(f"ls {BACKUPS}.tried")
    failed = server.host.run(f"{program} --keep 2 --config-directory /nonexistent")
    assert failed.rc == 1
    assert "was not backed up" in failed.stderr
    status = json.loads(server.host.check_output(f"cat {BACKUPS}.tried/status.json"))
    assert not status["ok"]
    assert status["last_success"]
    assert server.host.check_output(f"ls {BACKUPS}.tried") == before
    assert len(before.split()) == 3, "two backups and the status"
    server.host.check_output(f"rm -r {BACKUPS}.tried")


@pytest.mark.usefixtures("people")
def test_a_server_that_lost_everything_comes_back_and_undoes_nothing(servers, wait, play):
    other, lost = servers
    lost.add("kept")
    lost.add("deleted")
    wait(lambda: other.has("kept", "deleted"))
    back_up(lost)
    lost.add("later")
    wait(lambda: other.has("later"))
    lost.host.check_output(LOSE_EVERYTHING)
    other.delete("deleted")
    other.add("last")

    announced = play("directory_restore", "--limit", "debian13", "--check", "--diff")
    assert re.search(r"dc=example,dc=org: \d\d entries added", announced), announced
    assert "uid=kept,ou=people,dc=example,dc=org" in announced
    done = play("directory_restore", "--limit", "debian13")
    assert "/etc/ldap/tls/ldap.key comes back" in done
    assert "test password" not in announced + done

    wait(lambda: lost.people() == other.people() == ["kept", "last", "later"])
    wait(lambda: lost.everything() == other.everything())
    # It takes writes, and hands them over.
    lost.delete("last")
    wait(lambda: other.people() == ["kept", "later"])


@pytest.mark.usefixtures("people")
def test_an_older_state_comes_back_when_told_and_on_all(servers, wait, play):
    one, other = servers
    one.add("kept")
    one.add("deleted")
    wait(lambda: other.has("kept", "deleted"))
    for server in servers:
        back_up(server)
    one.delete("deleted")
    other.add("later")
    wait(lambda: one.people() == other.people() == ["kept", "later"])

    refused = play("directory_restore", fails=True)
    assert "is older than" in refused
    assert "uid=later,ou=people,dc=example,dc=org of 20" in refused
    assert one.people() == other.people() == ["kept", "later"]

    play("directory_restore", "-e", "openldap_restore_force=true")
    wait(lambda: one.people() == other.people() == ["deleted", "kept"])
    other.add("last")
    wait(lambda: one.has("last"))
    assert not one.has("later")


def test_a_backup_that_slapd_does_not_run_with_is_given_up(servers, play):
    server = servers[0]
    back_up(server)
    before = server.everything()
    server.host.check_output(f"python3 -c {shlex.quote(SPOILT)}")
    said = play("directory_restore", "--limit", "debian12", fails=True)
    server.host.check_output(f"rm -r {BACKUPS}/29991231T235959Z")
    assert "slapd does not run with what was brought back; what was there before is in place again" in said
    assert server.everything() == before
    assert "gone.pem" not in server.host.check_output("slapcat -n0")
