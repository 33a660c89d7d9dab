# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""postfix_config with state rolled_back, in a folder of the test."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import files
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error, InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.findings import ERROR, Finding
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import attributes_host, config_host

MAIN = "# mine\nbiff = no\n"
MASTER = "smtp inet n - y - - smtpd\n"
CHANGE = {
    "parameters": {"biff": True, "inet_interfaces": "all"},
    "services": [{"name": "smtp", "type": "inet", "state": "present", "maxproc": "7"}],
    "map_files": [
        {"name": "ldap/new.cf", "state": "present", "parameters": {"x": 1}, "secrets": {"any_name": "hunter2"}},
    ],
}


@pytest.fixture
def host(tmp_path, monkeypatch):
    directory = tmp_path / "postfix"
    directory.mkdir()
    for name, text in (("main.cf", MAIN), ("master.cf", MASTER)):
        (directory / name).write_text(text)
        (directory / name).chmod(0o644)
    monkeypatch.setattr(config_host.commands, "find", lambda name: f"/usr/sbin/{name}")
    monkeypatch.setattr(config_host, "findings_of", lambda *_facts: [])
    monkeypatch.setattr(config_host, "GROUP", "no such group")
    monkeypatch.setattr(attributes_host, "_name", lambda *_args: "root")
    monkeypatch.setattr(files, "_ownership", lambda _change: (-1, -1))
    return directory


def plan(host, **options):
    nothing = {"parameters": None, "services": None, "map_files": None, "purge": False, "purge_ignore": None}
    backup = {"backup": True, "backup_count": 20, "backup_directory": str(host.parent / "backup")}
    others = {"ignore_findings": [], "state": "present", "backup_id": "last", "force": False}
    return config_host.plan_config({"config_directory": str(host), **nothing, **backup, **others, **options})


def content(host):
    return {str(path.relative_to(host)): path.read_text() for path in sorted(host.rglob("*")) if path.is_file()}


def test_a_change_is_taken_back_whole(host):
    before = content(host)
    kept = plan(host, **CHANGE).apply()["backup_id"]
    back = plan(host, state="rolled_back")
    (action,) = back.actions
    assert action == (
        f"go back to before {kept}: remove {host}/ldap/new.cf; change {host}/main.cf: biff, inet_interfaces; "
        f"change {host}/master.cf: smtp/inet"
    )
    assert back.result["rolled_back"] == kept
    assert (back.result["reload_required"], back.result["restart_required"]) == (True, True)
    assert back.result["parameters"] == ["biff", "inet_interfaces"]
    shown = {entry["before_header"]: (entry["before"], entry["after"]) for entry in back.diff()}
    assert shown[f"{host}/main.cf"] == ("# mine\nbiff = yes\ninet_interfaces = all\n", MAIN)
    assert shown[f"{host}/ldap/new.cf"][1] == ""
    assert "hunter2" not in str(back.diff())
    assert "any_name" in str(back.diff())
    back.apply()
    assert content(host) == before


def test_a_second_run_changes_nothing_and_the_name_of_the_rollback_takes_it_back(host):
    kept = plan(host, **CHANGE).apply()["backup_id"]
    changed = content(host)
    undo = plan(host, state="rolled_back").apply()["backup_id"]
    for again in (plan(host, state="rolled_back"), plan(host, state="rolled_back", backup_id=kept)):
        assert (again.changed, again.diff(), again.result["reload_required"]) == (False, [], False)
    plan(host, state="rolled_back", backup_id=undo).apply()
    assert content(host) == changed


def test_errors_in_what_was_refuse_it_unless_ignored(host, monkeypatch):
    plan(host, **CHANGE).apply()
    seen = []
    finding = Finding("x", ERROR, "is wrong", "mend it")
    monkeypatch.setattr(config_host, "findings_of", lambda *facts: seen.append(facts[1]) or [finding])
    with pytest.raises(Error, match="is wrong; mend it"):
        plan(host, state="rolled_back")
    assert seen == [{"main.cf": MAIN, "master.cf": MASTER, "ldap/new.cf": None}]
    assert plan(host, state="rolled_back", ignore_findings=["x"]).changed


def test_only_what_was_changed_is_taken_back(host):
    plan(host, parameters={"biff": True}).apply()
    (host / "master.cf").write_text("by hand unix - - n - - pickup\n")
    plan(host, state="rolled_back").apply()
    assert content(host) == {"main.cf": MAIN, "master.cf": "by hand unix - - n - - pickup\n"}


def test_work_done_by_hand_is_not_lost(host):
    plan(host, parameters={"biff": True}).apply()
    (host / "main.cf").write_text("biff = yes\n# a note\n")
    with pytest.raises(Error, match=r"main.cf changed since"):
        plan(host, state="rolled_back")
    plan(host, state="rolled_back", force=True).apply()
    assert content(host)["main.cf"] == MAIN


def test_a_mode_comes_back_and_is_announced(host):
    (host / "main.cf").chmod(0o640)
    plan(host, parameters={"biff": True}).apply()
    back = plan(host, state="rolled_back")
    assert {"root:root 0644\n", "root:root 0640\n"} <= {str(entry["after"]) for entry in back.diff()} | {
        str(entry["before"]) for entry in back.diff()
    }
    back.apply()
    assert (host / "main.cf").stat().st_mode & 0o777 == 0o640
    assert not plan(host, state="rolled_back").changed


def test_nothing_else_can_be_declared(host):
    with pytest.raises(InputError, match="parameters: is given together with state rolled_back"):
        plan(host, state="rolled_back", parameters={"biff": True})


def test_old_backups_go_with_a_change_and_are_announced(host):
    names = [plan(host, parameters={"biff": number}).apply()["backup_id"] for number in (1, 2, 3)]
    last = plan(host, parameters={"biff": 4}, backup_count=2)
    assert last.actions[1:] == [f"remove the old backup {name}" for name in names[:2]]
    last.apply()
    assert not plan(host, parameters={"biff": 4}, backup_count=2).changed
