# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``ldap_search_info`` says before it asks a server; scenario ``directory_entries`` asks a real one."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.modules import ldap_search_info


@pytest.fixture
def nowhere(tmp_path):
    return [f"ldapi://{str(tmp_path / 'ldapi').replace('/', '%2F')}"]


def test_all_that_is_wrong_at_once(said_by, nowhere):
    said = said_by(
        ldap_search_info,
        server_uri=[*nowhere, "http://ldap.example.org"],
        base="not a name",
        filter="(mail=*",
        size_limit=-1,
        attributes=["a b"],
        bind_dn="cn=admin,dc=example,dc=org",
    )
    assert said["failed"] is True
    options = {problem["option"] for problem in said["problems"]}
    assert options == {"server_uri", "base", "filter", "size_limit", "attributes", "bind_password"}


@pytest.mark.parametrize(("output", "empty"), [("entries", []), ("tree", []), ("ldif", "")])
def test_on_a_bare_host_a_check_finds_nothing_and_a_run_fails(said_by, nowhere, output, empty):
    said = said_by(ldap_search_info, check=True, server_uri=nowhere, output=output)
    assert (said["changed"], said[output], said["count"]) == (False, empty, 0)
    assert "install and start slapd" in str(said["warnings"])
    said = said_by(ldap_search_info, server_uri=nowhere, output=output)
    assert said["failed"] is True
    assert "install and start slapd" in said["msg"]


def test_a_value_stays_a_value(said_by, nowhere):
    injected = {"name": "*)(objectClass=*"}
    said = said_by(ldap_search_info, check=True, server_uri=nowhere, filter="(uid={name})", filter_values=injected)
    assert "failed" not in said
    said = said_by(ldap_search_info, check=True, server_uri=nowhere, filter="(uid={other})", filter_values=injected)
    assert "{other}" in said["msg"]
