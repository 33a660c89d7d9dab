# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies on the host: services, and who may read what."""

from __future__ import annotations

import pytest

DATABASE = "/var/lib/postfix_manager/accounts.sqlite"


@pytest.mark.parametrize("name", ["postfix", "dovecot"])
def test_service_runs_and_starts_at_boot(host, name):
    assert host.service(name).is_running
    assert host.service(name).is_enabled


@pytest.mark.parametrize(
    ("path", "user", "group", "mode"),
    [
        ("/etc/postfix/main.cf", "root", "root", 0o644),
        ("/etc/postfix/master.cf", "root", "root", 0o644),
        ("/var/vmail", "vmail", "vmail", 0o750),
        ("/var/lib/postfix_manager", "root", "postfix", 0o750),
    ],
)
def test_owner_and_mode(host, path, user, group, mode):
    found = host.file(path)
    assert (found.user, found.group, oct(found.mode)) == (user, group, oct(mode))


@pytest.mark.parametrize(
    "path",
    [
        "/etc/ssl/postfix_manager/mail.key",
        "/etc/postfix_manager/probe.password",
        DATABASE,
    ],
)
def test_nobody_else_reads_secrets(host, path):
    found = host.file(path)
    assert found.exists
    assert found.mode & 0o007 == 0


def test_postfix_finds_nothing_wrong(host):
    checked = host.run("postfix check")
    assert (checked.rc, checked.stdout, checked.stderr) == (0, "", "")


def test_dovecot_finds_nothing_wrong(host):
    checked = host.run("doveconf -n")
    assert checked.rc == 0
    assert "Warning" not in checked.stderr


def test_mail_belongs_to_the_mail_user(host):
    owners = host.check_output("find /var/vmail -mindepth 1 -printf '%u\\n' | sort -u")
    assert owners == "vmail"


def test_root_looks_into_the_accounts_and_takes_nothing_from_the_daemons(host):
    """SQLite deletes the log and its index when the last connection that may write is closed."""
    question = "postmap -q alice@example.test sqlite:/etc/postfix/sqlite/mailboxes.cf"
    looked = "import sqlite3; c = sqlite3.connect('{}'); c.execute('SELECT * FROM mailbox'); c.close()"
    host.check_output(f'doveadm reload && python3 -c "{looked.format(DATABASE)}" && {question}')
    assert host.file(f"{DATABASE}-wal").exists
    assert host.check_output(f"runuser -u postfix -- {question}") == "alice@example.test"
