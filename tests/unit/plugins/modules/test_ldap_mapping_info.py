# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``ldap_mapping_info`` says without a server; scenario ``directory_presets`` asks real ones."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.modules import ldap_mapping_info


@pytest.fixture
def nowhere(tmp_path):
    return [f"ldapi://{str(tmp_path / 'ldapi').replace('/', '%2F')}"]


def test_without_a_server_a_check_warns_and_a_run_fails(said_by, nowhere):
    said = said_by(ldap_mapping_info, check=True, server_uri=nowhere, attributes={"quota": "mailQuota"})
    assert (said["changed"], said["ok"], said["problems"], said["server"]) == (False, False, [], None)
    assert "install and start slapd" in str(said["warnings"])
    said = said_by(ldap_mapping_info, server_uri=nowhere)
    assert said["failed"] is True
    assert "install and start slapd" in said["msg"]


def test_a_server_that_refuses_the_port_is_one_that_does_not_answer(said_by):
    said = said_by(ldap_mapping_info, check=True, server_uri=["ldap://127.0.0.1:1"])
    assert (said["ok"], "server_uri ldap://127.0.0.1:1" in str(said["warnings"])) == (False, True)


def test_what_is_wrong_with_the_connection_is_refused(said_by):
    said = said_by(ldap_mapping_info, server_uri=["http://ldap.example.org"], ca_path="/nowhere/ca.pem", timeout=0)
    assert said["failed"] is True
    assert {problem["option"] for problem in said["problems"]} == {"server_uri", "ca_path", "timeout"}
