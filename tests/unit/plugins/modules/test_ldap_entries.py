# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``ldap_entries`` says before it asks a server; scenario ``directory_entries`` asks a real one."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.modules import ldap_entries

DEFAULTS = {
    "dn": "uid={uid},ou=people,dc=example,dc=org",
    "attributes": {"objectClass": ["inetOrgPerson"], "mail": "{uid}@example.org", "cn": "{uid}", "sn": "{uid}"},
}


@pytest.fixture
def nowhere(tmp_path):
    return [f"ldapi://{str(tmp_path / 'ldapi').replace('/', '%2F')}"]


def test_defaults_fill_every_entry(said_by, nowhere):
    entries = [{"attributes": {"uid": name, "userPassword": "marked-secret"}} for name in ("alice", "b,ob")]
    said = said_by(ldap_entries, check=True, server_uri=nowhere, defaults=DEFAULTS, entries=entries)
    suffix = "ou=people,dc=example,dc=org"
    assert said["entries"]["created"] == [f"uid=alice,{suffix}", f"uid=b\\,ob,{suffix}"]
    assert "mail: alice@example.org" in said["diff"][0]["after"]
    assert "marked-secret" not in str(said)


def test_all_problems_at_once_and_no_secret(said_by, nowhere):
    entries = [
        {"dn": "nonsense"},
        {"attributes": {"cn": "no uid here"}},
        {"attributes": {"uid": "x", "userPassword": {"marked-secret": 1}}},
        {"attributes": {"uid": "y"}},
        {"attributes": {"uid": "Y"}},
        {"dn": "uid=z,dc=example,dc=org", "stat": "absent"},
    ]
    said = said_by(ldap_entries, check=True, server_uri=nowhere, defaults=DEFAULTS, entries=entries[:-1])
    options = [problem["option"] for problem in said["problems"]]
    assert options == ["entries[0].dn", "entries[1].dn", "entries[2].attributes.userPassword", "entries[4].dn"]
    assert "marked-secret" not in str(said)
    said = said_by(ldap_entries, check=True, server_uri=nowhere, defaults=DEFAULTS, entries=entries, purge=True)
    assert "did you mean state" in said["msg"]
