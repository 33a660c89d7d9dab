# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration on the host, in a folder of the test: read, planned, written, and read again."""

import grp
import os
import stat

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import files
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error, InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.findings import ERROR, WARNING, Finding
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import attributes_host, config_host

MAIN = "# mine\nbiff = no\nmail_name = caf\udce9\n"
MASTER = "smtp inet n - y - - smtpd\n"


@pytest.fixture
def host(tmp_path, monkeypatch):
    """A host with Postfix whose checks find nothing, on which the test's user is root."""
    directory = tmp_path / "postfix"
    directory.mkdir()
    write(directory / "main.cf", MAIN)
    write(directory / "master.cf", MASTER)
    monkeypatch.setattr(config_host.commands, "find", lambda name: f"/usr/sbin/{name}")
    monkeypatch.setattr(config_host, "findings_of", lambda *_facts: [])
    monkeypatch.setattr(config_host, "GROUP", "no such group")
    monkeypatch.setattr(attributes_host, "_name", lambda *_args: "root")
    monkeypatch.setattr(files, "_ownership", lambda _change: (-1, -1))
    return directory


def write(path, text):
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    path.chmod(0o644)


def read(path):
    return path.read_bytes().decode("utf-8", "surrogateescape")


def read_bytes(path):
    with open(path, "rb") as handle:
        return handle.read()


def plan(host, **options):
    nothing = {"parameters": None, "services": None, "map_files": None, "purge": False, "purge_ignore": None}
    backup = {"backup": True, "backup_count": 20, "backup_directory": str(host.parent / "backup")}
    others = {"ignore_findings": [], "state": "present", "backup_id": "last", "force": False}
    return config_host.plan_config({"config_directory": str(host), **nothing, **backup, **others, **options})


def test_nothing_to_do_asks_no_tool(host, monkeypatch):
    monkeypatch.setattr(config_host, "findings_of", lambda *_facts: pytest.fail("nothing has to be checked"))
    done = plan(host, parameters={"biff": False}, services=[])
    assert not done.changed
    assert done.diff() == []
    assert done.warnings == []
    assert done.result["reload_required"] is False


@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_what_should_be_a_directory_and_is_none_is_refused(host, kind):
    odd = host / "odd"
    if kind == "file":
        odd.write_text("", encoding="utf-8")
    else:
        odd.symlink_to("nowhere")
    with pytest.raises(
        InputError, match=f"map_files\\[0\\].name: 'odd/x/a.cf' needs {odd} to be a directory"
    ) as refused:
        plan(host, map_files=[{"name": "odd/x/a.cf", "parameters": {"query": "x"}}])
    assert len(refused.value.problems) == 1
    with pytest.raises(InputError, match=f"config_directory: '{odd}' needs {odd} to be a directory"):
        plan(odd)


def test_a_change_is_planned_written_and_kept(host):
    options = {
        "parameters": {"biff": True},
        "services": [{"name": "smtp", "type": "inet", "state": "present", "maxproc": "7"}],
        "map_files": [
            {"name": "a/b/c.cf", "state": "present", "parameters": {"x": 1}, "secrets": {"password": "hunter2"}},
            {"name": "old.cf", "state": "absent"},
        ],
    }
    write(host / "old.cf", "x = 1\n")
    before = plan(host, **options)
    assert before.actions == [
        f"create {host}/a",
        f"create {host}/a/b",
        f"change {host}/main.cf: biff; change {host}/master.cf: smtp/inet; write {host}/a/b/c.cf; remove {host}/old.cf",
    ]
    assert "hunter2" not in str(before)
    assert not (host / "a").exists()
    assert read(host / "main.cf") == MAIN
    kept = before.apply()["backup_path"]
    assert read(host / "main.cf") == MAIN.replace("biff = no", "biff = yes")
    assert "password = hunter2\n" in read(host / "a/b/c.cf")
    assert stat.S_IMODE((host / "a/b/c.cf").stat().st_mode) == 0o640
    assert stat.S_IMODE((host / "a").stat().st_mode) == 0o750
    assert not (host / "old.cf").exists()
    assert MAIN.encode("utf-8", "surrogateescape") in [read_bytes(f"{kept}/{name}") for name in os.listdir(kept)]
    assert not plan(host, **options).changed


def test_no_backup_is_kept_when_none_is_wanted(host):
    assert plan(host, parameters={"biff": True}, backup=False).apply() == {}
    assert not (host.parent / "backup").exists()


def test_drift_of_a_mode_is_announced_and_repaired(host):
    (host / "main.cf").chmod(0o600)
    done = plan(host)
    assert done.actions == [f"set owner and mode of {host}/main.cf"]
    assert done.diff() == [
        {
            "before_header": f"{host}/main.cf (owner and mode)",
            "after_header": f"{host}/main.cf (owner and mode)",
            "before": "root:root 0600\n",
            "after": "root:root 0644\n",
        }
    ]
    done.apply()
    assert not plan(host).changed


def test_errors_refuse_the_change(host, monkeypatch):
    monkeypatch.setattr(config_host, "findings_of", lambda *_facts: [Finding("x", ERROR, "is wrong", "mend it")])
    with pytest.raises(Error, match="is wrong; mend it"):
        plan(host, parameters={"biff": True})
    assert read(host / "main.cf") == MAIN


def test_warnings_are_passed_on(host, monkeypatch):
    monkeypatch.setattr(config_host, "findings_of", lambda *_facts: [Finding("x", WARNING, "is odd", "mend it")])
    done = plan(host, parameters={"biff": True})
    assert done.warnings == ["is odd; mend it"]
    assert done.result["findings"][0]["code"] == "x"


def test_the_checks_get_the_new_texts_and_the_live_services(host, monkeypatch):
    seen = []
    monkeypatch.setattr(config_host, "findings_of", lambda *facts: seen.extend(facts) or [])
    plan(host, parameters={"biff": True})
    request, texts, live = seen
    assert request.directory == str(host)
    assert texts == {"main.cf": MAIN.replace("no", "yes"), "master.cf": MASTER}
    assert live == MASTER


@pytest.mark.parametrize("missing", ["Postfix is not installed", "instance does not exist"])
def test_what_is_not_there_yet_is_predicted_and_not_applied(host, monkeypatch, missing):
    monkeypatch.setattr(config_host, "findings_of", lambda *_facts: pytest.fail("there is nothing to check with"))
    where = host if missing.startswith("Postfix") else host / "instance"
    if missing.startswith("Postfix"):
        monkeypatch.setattr(config_host.commands, "find", lambda _name: None)
        (host / "main.cf").unlink()
        (host / "master.cf").unlink()
    maps = [{"name": "a/b.cf", "state": "present", "parameters": {"x": 1}}]
    done = plan(where, parameters={"biff": True}, map_files=maps)
    assert done.changed
    assert missing in done.warnings[0]
    assert [entry["after_header"] for entry in done.diff()] == [f"{where}/main.cf", f"{where}/a/b.cf"]
    with pytest.raises(Error, match="nothing was changed"):
        done.apply()
    assert list(host.iterdir()) == [] if missing.startswith("Postfix") else not where.exists()


def test_an_interrupted_change_is_completed(host, monkeypatch):
    options = {"parameters": {"biff": True}, "services": [{"name": "smtp", "type": "inet", "state": "absent"}]}
    rename = os.rename

    def crash(source, target):
        if target.endswith("master.cf"):
            raise KeyboardInterrupt
        rename(source, target)

    monkeypatch.setattr(os, "rename", crash)
    with pytest.raises(KeyboardInterrupt):
        plan(host, **options).apply()
    monkeypatch.setattr(os, "rename", rename)
    assert read(host / "master.cf") == MASTER
    done = plan(host, **options)
    assert done.actions == [f"complete the interrupted change in {host}"]
    assert [entry["after_header"] for entry in done.diff()] == [f"{host}/master.cf"]
    assert done.result["restart_required"]
    done.apply()
    assert read(host / "master.cf") == ""
    assert not plan(host, **options).changed


def test_purging_reads_what_the_package_brought(host, monkeypatch):
    packaged = host.parent / "packaged"
    write(packaged, "smtp inet n - y - 5 smtpd\npickup unix n - y 60 1 pickup\n")
    monkeypatch.setattr(config_host, "PACKAGED_MASTER", str(packaged))
    assert plan(host, services=[], purge=True).result["services"] == ["pickup/unix", "smtp/inet"]
    assert plan(host, services=[]).result["services"] == []


def test_the_group_of_postfix_is_used_when_there_is_one(host, monkeypatch):
    monkeypatch.setattr(config_host, "GROUP", grp.getgrgid(os.getgid()).gr_name)
    maps = [{"name": "a/b.cf", "state": "present", "parameters": {"x": 1}}]
    plan(host, map_files=maps).apply()
    assert (host / "a").stat().st_gid == os.getgid()
    assert stat.S_IMODE((host / "a").stat().st_mode) == 0o750


def test_owners_without_a_name_are_shown_by_number():
    assert attributes_host._name(grp.getgrgid, 0) == "root"
    assert attributes_host._name(grp.getgrgid, 4000000000) == "4000000000"
