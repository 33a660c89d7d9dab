# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``ldap_entry`` says before it asks a server; scenario ``directory_entries`` asks a real one."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.modules import ldap_entry

ALICE = "uid=alice,ou=people,dc=example,dc=org"


@pytest.fixture
def nowhere(tmp_path):
    return [f"ldapi://{str(tmp_path / 'ldapi').replace('/', '%2F')}"]


def test_on_a_bare_host_a_check_plans_and_a_run_fails(said_by, nowhere):
    attributes = {"objectClass": "inetOrgPerson", "cn": "Alice", "sn": "A", "userPassword": "marked-secret"}
    said = said_by(ldap_entry, check=True, server_uri=nowhere, dn=ALICE, attributes=attributes)
    assert said["changed"] is True
    assert said["entries"]["created"] == [ALICE]
    assert "  uid: alice\n" in said["diff"][0]["after"]
    assert "marked-secret" not in str(said)
    said = said_by(ldap_entry, server_uri=nowhere, dn=ALICE, attributes=attributes)
    assert said["failed"] is True
    assert "install and start slapd" in said["msg"]
    assert "marked-secret" not in str(said)


def test_a_server_elsewhere_must_answer_in_a_check_too(said_by, tmp_path):
    said = said_by(ldap_entry, check=True, server_uri=["ldap://[100::1]"], connect_timeout=1, dn=ALICE)
    assert said["failed"] is True
    assert "server_uri ldap://[100::1]" in said["msg"]


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"dn": "alice"}, "dn"),
        ({"dn": "uid=alice,,dc=org"}, "dn"),
        ({"dn": ALICE, "attributes": {"c n": "x"}}, "attributes.c n"),
        ({"dn": ALICE, "attributes": {"cn": ""}}, "attributes.cn"),
        ({"dn": ALICE, "attributes": {"cn": {"a": 1}}}, "attributes.cn"),
        ({"dn": ALICE, "attributes": {"cn": "x", "CN": "y"}}, "attributes.CN"),
        ({"dn": ALICE, "attributes": {"jpegPhoto::": "not base64!"}}, "attributes.jpegPhoto::"),
        ({"dn": ALICE, "max_deletions": -1}, "max_deletions"),
        ({"dn": ALICE, "start_tls": True}, "start_tls"),
        ({"dn": ALICE, "ca_path": "/nowhere/ca.pem"}, "ca_path"),
        ({"dn": ALICE, "timeout": 0}, "timeout"),
        ({"dn": ALICE, "client_key": "/nowhere/key.pem"}, "client_cert"),
        ({"dn": ALICE, "bind_dn": "cn=a", "bind_password": ""}, "bind_password"),
    ],
)
def test_bad_input_names_its_option(said_by, nowhere, options, option):
    said = said_by(ldap_entry, check=True, server_uri=nowhere, **options)
    assert said["failed"] is True
    assert option in [problem["option"] for problem in said["problems"]]
