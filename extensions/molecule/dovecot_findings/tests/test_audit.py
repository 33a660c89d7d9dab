# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook audit says what is wrong on a host, keeps it on the control node, and fails for what it was told to."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

WRONG = "/srv/wrong/dovecot.conf"


@pytest.fixture(scope="module")
def audit(platform, tmp_path_factory):
    """Run the playbook with some variables: how it ended, what it printed, and what it kept."""
    folder = tmp_path_factory.mktemp("audit")

    def run(**variables):
        inventory = {"hosts": {platform: None}, "vars": {"audit_directory": str(folder), **variables}}
        extra = folder / "inventory.json"
        extra.write_text(json.dumps({"all": inventory}))
        argv = ["ansible-playbook", "-i", os.environ["MOLECULE_INVENTORY_FILE"], "-i", extra, "--limit", platform]
        done = subprocess.run(
            [*argv, "postfix_manager.mail.audit"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        kept = folder / f"{platform}.json"
        return done.returncode, done.stdout + done.stderr, kept

    return run


def test_it_fails_for_errors_and_names_each_with_its_place(audit, host):
    status, said, kept = audit(audit_dovecot_path=WRONG)
    expected = json.loads(host.file("/srv/found.json").content_string)["findings"]
    assert status == 2
    assert f"{len(expected)} findings" in said
    unwrapped = " ".join(said.split())
    for finding in expected:
        assert f"{finding['severity']}: {finding['file']}:{finding['line']}:" in unwrapped
    assert json.loads(kept.read_text())["dovecot"]["findings"] == expected
    assert kept.stat().st_mode & 0o777 == 0o600


def test_it_may_only_report(audit):
    status, said, _kept = audit(audit_dovecot_path=WRONG, audit_fail_on=[])
    assert status == 0, said


def test_it_passes_on_what_the_package_brought(audit):
    status, said, kept = audit()
    assert status == 0, said
    assert "0 findings" in said
    assert not json.loads(kept.read_text())["postfix"]["installed"]
