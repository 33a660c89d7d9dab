# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of account_sync_job: its plan on a bare host, and that no secret is in it."""

import json

from ansible_collections.postfix_manager.mail.plugins.modules import account_sync_job

OPTIONS = {
    "name": "company",
    "source": {
        "server_uri": ["ldaps://ldap.example.org"],
        "base": "dc=example,dc=org",
        "bind_dn": "cn=reader",
        "bind_password": "marked-secret",
    },
}
SETTINGS = "/etc/postfix_manager/account_sync/company.json"
PROGRAM = "/usr/local/sbin/postfix-manager-account-sync"


def test_everything_is_new_on_a_bare_host_and_no_secret_is_shown(said_by):
    said = said_by(account_sync_job, check=True, **OPTIONS)
    assert said["actions"] == [f"write {SETTINGS}", f"write {PROGRAM}"]
    shown = {entry["after_header"]: entry["after"] for entry in said["diff"]}
    assert json.loads(shown[SETTINGS])["source"]["base"] == "dc=example,dc=org"
    assert shown[PROGRAM] == "(program)"
    assert "marked-secret" not in str(said)


def test_nothing_to_remove_on_a_bare_host(said_by):
    assert said_by(account_sync_job, check=True, **OPTIONS, state="absent")["changed"] is False


def test_only_a_directory_tells_its_changes(said_by):
    source = {"store": "sqlite", "database": "/srv/x.sqlite"}
    said = said_by(account_sync_job, check=True, name="x", live=True, source=source)
    assert [problem["option"] for problem in said["problems"]] == ["live"]
