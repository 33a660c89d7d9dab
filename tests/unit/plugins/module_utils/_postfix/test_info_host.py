# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading a configuration in a folder of the test."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.commands import Result
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.findings import ERROR, WARNING, Finding
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import info_host

FOUND = [Finding("a", ERROR, "m", "c", name="x"), Finding("b", WARNING, "m", "c"), Finding("b", WARNING, "n", "c")]


@pytest.fixture
def host(tmp_path, monkeypatch):
    (tmp_path / "main.cf").write_text("biff = no\n")
    (tmp_path / "master.cf").write_text("smtp inet n - y - - smtpd\n")
    said = {"-m": "hash\nstatic\n", "-l": "- - y /etc/postfix\n"}
    monkeypatch.setattr(info_host.commands, "run", lambda argv: Result(argv, 0, said[argv[1]], "", 0.0))
    monkeypatch.setattr(info_host.commands, "find", lambda name: f"/usr/sbin/{name}")
    monkeypatch.setattr(info_host, "built_in_defaults", lambda: {"biff": "yes", "mail_version": "3.10.13"})
    monkeypatch.setattr(info_host, "findings_of", lambda *_args: FOUND)
    return tmp_path


def report(folder, **options):
    plan = info_host.plan_info(
        {"config_directory": str(folder), "parameters": [], "ignore_findings": [], **options},
    )
    assert not plan.changed
    return plan.result


def test_a_server(host):
    said = report(host)
    assert (said["installed"], said["version"], said["config_directory"]) == (True, "3.10.13", str(host))
    assert (said["errors"], said["warnings_found"], len(said["findings"])) == (1, 2, 3)
    assert [one["name"] for one in said["parameters"]] == ["biff"]
    assert [one["command"] for one in said["services"]] == ["smtpd"]
    assert said["map_types"] == ["hash", "static"]
    assert said["instances"][0]["config_directory"] == "/etc/postfix"


def test_findings_are_passed_over(host):
    said = report(host, ignore_findings=["a:x", "b"])
    assert (said["findings"], said["errors"], said["warnings_found"]) == ([], 0, 0)


def test_a_bare_host(host, monkeypatch):
    monkeypatch.setattr(info_host.commands, "find", lambda _name: None)
    said = report(host / "nosuch")
    assert (said["installed"], said["version"], said["parameters"], said["findings"]) == (False, None, [], [])
    assert [one["value"] for one in report(host)["parameters"]] == ["no"]


@pytest.mark.parametrize(("folder", "reason"), [("nosuch", "has no main.cf"), ("/../relative", None)])
def test_a_folder_without_a_configuration(host, folder, reason):
    place = host / folder if reason else "relative"
    with pytest.raises(Error, match=reason or "is not an absolute path"):
        report(place)
