# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.testing import patch_module_args
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe import settings
from ansible_collections.postfix_manager.mail.plugins.modules import mail_probe


class ModuleEnd(BaseException):
    """A module that ended, with its result."""


@pytest.fixture
def run(monkeypatch):
    def stop(_self, **result):
        raise ModuleEnd(result)

    monkeypatch.setattr(AnsibleModule, "exit_json", stop)
    monkeypatch.setattr(AnsibleModule, "fail_json", stop)

    def call(**args):
        with patch_module_args(args), pytest.raises(ModuleEnd) as ended:
            mail_probe.main()
        return ended.value.args[0]

    return call


def test_check_mode_sends_nothing(run):
    result = run(username="probe@example.test", password_file="/no/such/file", _ansible_check_mode=True)
    assert result["changed"] is False
    assert result["hops"] == []
    assert "not run" in result["summary"]
    assert "ok" not in result


def test_a_failed_probe_fails_with_the_evidence(run):
    ports = dict.fromkeys(("smtp_port", "imap_port", "submission_port", "submissions_port", "imaps_port"), 1)
    result = run(username="probe@example.test", password="s3cret", timeout=5, **ports)
    assert result["ok"] is False
    assert result["msg"].startswith(result["summary"])
    assert "s3cret" not in str(result)
    assert {hop["name"] for hop in result["hops"]} >= {"imaps", "submission", "submissions", "relay_refused"}


def test_bad_input_is_refused_at_once_in_check_mode_too(run):
    result = run(username="probe", password="s3cret", timeout=1, _ansible_check_mode=True)
    assert [problem["option"] for problem in result["problems"]] == ["username", "timeout"]


def test_a_password_is_needed_once(run):
    assert "password" in run(username="probe@example.test")["msg"]
    assert "mutually exclusive" in run(username="probe@example.test", password="a", password_file="/b")["msg"]


def test_the_documented_checks_are_those_that_exist():
    options = yaml.safe_load(mail_probe.DOCUMENTATION)["options"]
    assert options["checks"]["choices"] == options["checks"]["default"] == list(settings.CHECKS)
    assert set(options) == set(mail_probe.SPEC["argument_spec"])
