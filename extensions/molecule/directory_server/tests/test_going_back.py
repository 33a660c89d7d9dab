# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A change after which services cannot log in any more, or slapd does not start, is taken back by the role itself."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess

import pytest
import testinfra

ROOT = pathlib.Path(os.environ["TESTBED_ROOT"])
CONVERGE = ROOT / "extensions/molecule/directory_server/converge.yml"
# The first is taken by a slapd that runs. After the second none runs, and the other change has to go as well.
BAD = {
    "debian12": {"openldap_settings": {"olcDisallows": "bind_simple"}},
    "debian13": {
        "openldap_settings": {"olcIdleTimeout": 77},
        "openldap_addresses": ["ldap://192.0.2.1/", "ldaps:///", "ldapi:///"],
    },
}


def state(platform):
    name = "-".join([os.environ["TESTBED_PREFIX"], os.environ["MOLECULE_SCENARIO_NAME"], platform])
    host = testinfra.get_host(f"podman://{name}")
    lines = host.check_output("slapcat -n0 -o ldif_wrap=no").splitlines()
    kept = [line for line in lines if not line.startswith(("entryCSN", "modif", "contextCSN", "creat", "entryUUID"))]
    return sorted(kept), host.check_output("cat /etc/default/slapd; systemctl is-active slapd")


@pytest.fixture(scope="session")
def failures(tmp_path_factory):
    """What each host failed with in the end, and its state before."""
    before = {platform: state(platform) for platform in BAD}
    inventory = tmp_path_factory.mktemp("inventory") / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": BAD}}))
    environment = {**os.environ, "ANSIBLE_FORCE_COLOR": "0"}
    environment["ANSIBLE_CONFIG"] = f"{os.environ['MOLECULE_EPHEMERAL_DIRECTORY']}/ansible.cfg"
    argv = ["ansible-playbook", "-i", os.environ["MOLECULE_INVENTORY_FILE"], "-i", inventory, CONVERGE]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    assert done.returncode != 0
    return " ".join((done.stdout + done.stderr).split()), before


def test_it_fails_with_the_evidence(failures):
    said = failures[0]
    assert "bind as cn=postfix,ou=services,dc=example,dc=org: unwilling to perform" in said
    assert "systemctl restart slapd.service failed" in said
    assert said.count("The configuration before this play is back, and with it postfix, dovecot log in") >= 2


def test_what_was_there_before_is_back(failures, platform):
    assert state(platform) == failures[1][platform]
