# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""New secrets are checked and put into effect with all that Ansible can print, while nobody looks for them on the host.

A secret of the scenario holds the word ``marked``. The key of the certificate and the password of the probe, which the
host made itself, are told by what is in them.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(os.environ["TESTBED_ROOT"])
MARK = "marked-"
SECOND = {
    "accounts_mailboxes": [{"address": "alice@example.test", "password": "marked-mailbox-two"}],
    "dovecot_secrets": {"doveadm_password": "marked-dovecot-two"},
    "postfix_map_files": [
        {
            "name": "extra/people.cf",
            "parameters": {"hosts": "127.0.0.1", "user": "postfix", "dbname": "mail", "query": "SELECT 1"},
            "secrets": {"password": "marked-table-two"},
        },
        {
            "name": "extra/new.cf",
            "parameters": {"hosts": "127.0.0.1", "user": "postfix", "dbname": "mail", "query": "SELECT 2"},
            "secrets": {"password": "marked-new-two"},
        },
    ],
}


@pytest.fixture(scope="module")
def secrets(host):
    """What must not be seen: text of every secret on the host."""
    key = host.file("/etc/ssl/postfix_manager/mail.key").content_string.splitlines()
    return [MARK, key[1], host.file("/etc/postfix_manager/probe.password").content_string.strip()]


@pytest.fixture(scope="module")
def seen(container, secrets, platform, tmp_path_factory):
    """What Ansible printed of a check and of a run, and what somebody without rights saw on the host meanwhile."""
    variables = tmp_path_factory.mktemp("secrets") / "second.json"
    variables.write_text(json.dumps(SECOND))
    podman = ["podman", "exec", "-i"]
    subprocess.run(
        [*podman, container, "sh", "-c", "cat >/usr/local/bin/watch_secrets.py"],
        input=(ROOT / "tests/integration/watch_secrets.py").read_bytes(),
        check=True,
    )
    command = [*podman, "--user", "nobody", container, "python3", "/usr/local/bin/watch_secrets.py", *secrets[1:]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdout.readline() == "watching\n"
        play = ["ansible-playbook", "-i", os.environ["MOLECULE_INVENTORY_FILE"], "--limit", platform, "-vvv", "--diff"]
        play += ["-e", f"@{variables}", "postfix_manager.mail.site"]
        environment = {**os.environ, "ANSIBLE_CONFIG": os.environ["ANSIBLE_CONFIG"]}
        printed = ""
        for more in (["--check"], []):
            done = subprocess.run([*play, *more], capture_output=True, text=True, check=False, env=environment)
            assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
            printed += done.stdout + done.stderr
        found, _nothing = watcher.communicate("stop\n", timeout=60)
    assert watcher.returncode == 0, found
    return printed, json.loads(found)


def test_the_secrets_are_in_effect(host, seen):
    assert "marked-dovecot-two" in host.file("/etc/dovecot/dovecot.conf").content_string
    assert "marked-new-two" in host.file("/etc/postfix/extra/new.cf").content_string
    assert host.run("doveadm auth test alice@example.test marked-mailbox-two").rc == 0


def test_a_diff_says_that_they_changed_and_not_what_they_are(seen, secrets):
    printed, _found = seen
    assert printed.count("(secret, changed)") >= 4
    assert [secret for secret in secrets if secret in printed] == []


def test_nobody_saw_one_on_the_host(seen):
    _printed, found = seen
    assert found["rounds"] > 20
    # What was put there to be found shows that the watcher sees.
    assert found["control"] == ["command line", "file"]
    assert found["places"] == []


def test_no_log_holds_one(host, seen, secrets):
    log = host.check_output("journalctl --no-pager --output=cat")
    assert "postfix" in log
    assert [secret for secret in secrets if secret in log] == []


def test_backups_are_for_root_alone(host, seen):
    assert host.run("su -s /bin/sh nobody -c 'ls /var/backups/postfix_manager'").rc != 0
    assert "marked-dovecot-one" in host.check_output("cat /var/backups/postfix_manager/*/*")
