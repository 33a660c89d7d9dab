# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to a plan and its effect, in a folder of our own."""

from __future__ import annotations

import grp
import json
import os
import pwd
from pathlib import Path
from typing import Any, Callable, Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot import planning
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import backups, files
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error, InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan

HEAD = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
TRIXIE = "ID=debian\nVERSION_ID=13\n"
Make = Callable[..., Plan]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    path = tmp_path / "dovecot"
    path.mkdir()
    return path


@pytest.fixture
def host(installation: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Dovecot 2.4.1 on this host, with nothing else; the files belong to whoever runs the test."""
    fake = installation("2.4")
    monkeypatch.setattr(planning.host, "installed_version", lambda: "2.4.1-4 (7d8c0e5759)")
    monkeypatch.setattr(planning.host, "os_release", lambda: TRIXIE)
    monkeypatch.setattr(planning.host, "Installation", lambda _syntax, _directory: fake)
    monkeypatch.setattr(planning, "OWNER", pwd.getpwuid(os.getuid()).pw_name)
    monkeypatch.setattr(planning, "GROUP", grp.getgrgid(os.getgid()).gr_name)
    return fake


@pytest.fixture
def make(directory: Path, host: Any) -> Make:
    def plan(settings: Optional[dict[str, Any]] = None, **params: Any) -> Plan:
        options = {
            "path": str(directory / "dovecot.conf"),
            "version": "auto",
            "settings": {"ssl": True} if settings is None else settings,
            "secrets": None,
            "files": [],
            "backup": True,
            "ignore_findings": [],
            "backup_count": 20,
            "backup_directory": str(directory.parent / "backups"),
            "state": "present",
            "backup_id": "last",
            "force": False,
        }
        return planning.plan({**options, **params})

    return plan


def write(path: Path, text: str, mode: int = 0o644) -> None:
    path.write_text(text)
    path.chmod(mode)


def test_a_new_configuration(make: Make, directory: Path) -> None:
    plan = make(files=[{"path": "sieve/a.sieve", "content": "keep;\n"}])
    path, script = f"{directory}/dovecot.conf", f"{directory}/sieve/a.sieve"
    assert plan.changed
    assert plan.actions == [f"create {path}, create {script}"]
    assert plan.before == {path: "", f"{path} (owner and mode)": "", script: "", f"{script} (owner and mode)": ""}
    assert plan.after[path] == f"{HEAD}ssl = yes\n"
    assert plan.result == {
        "version": "2.4",
        "version_source": "installed",
        "reload_required": True,
        "restart_required": False,
        "backup_path": None,
        "findings": [],
    }
    assert list(directory.iterdir()) == []
    assert backups.listed(f"{directory.parent}/backups") == ([], [])
    kept = plan.apply()
    (backup,) = backups.backups_of(f"{directory.parent}/backups", path)
    assert kept == {"backup_id": backup.id, "backup_path": backup.path}
    assert [(file.path, file.name) for file in backup.files] == [(script, None), (path, None)]
    assert (directory / "dovecot.conf").read_text() == f"{HEAD}ssl = yes\n"
    assert (directory / "sieve/a.sieve").read_text() == "keep;\n"
    assert (directory / "dovecot.conf").stat().st_mode & 0o777 == 0o644


def test_a_second_run_changes_nothing_and_asks_dovecot_nothing(make: Make, host: Any) -> None:
    make().apply()
    host.asked.clear()
    plan = make()
    assert (plan.changed, plan.diff(), plan.actions) == (False, [], [])
    assert (plan.result["reload_required"], plan.result["restart_required"]) == (False, False)
    assert host.asked == []


def test_a_changed_configuration_is_kept(make: Make, directory: Path) -> None:
    write(directory / "dovecot.conf", f"{HEAD}ssl = no\n")
    plan = make()
    assert plan.actions == [f"replace {directory}/dovecot.conf"]
    kept = plan.apply()["backup_path"]
    assert Path(kept, "0").read_text() == f"{HEAD}ssl = no\n"


def test_without_backup_nothing_is_kept(make: Make, directory: Path) -> None:
    write(directory / "dovecot.conf", "old\n")
    assert make(backup=False).apply() == {}
    assert not (directory.parent / "backups").exists()


def test_a_changed_mode_is_repaired(make: Make, directory: Path) -> None:
    make().apply()
    (directory / "dovecot.conf").chmod(0o666)
    plan = make()
    path = f"{directory}/dovecot.conf"
    assert plan.actions == [f"set owner and mode of {path}"]
    assert [change["before_header"] for change in plan.diff()] == [f"{path} (owner and mode)"]
    assert (plan.result["reload_required"], plan.result["restart_required"]) == (False, False)
    plan.apply()
    assert (directory / "dovecot.conf").stat().st_mode & 0o777 == 0o644
    assert not make().changed


def test_versions_stay_what_the_present_file_says(make: Make, directory: Path) -> None:
    write(directory / "dovecot.conf", "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.1\n")
    plan = make()
    assert plan.after[f"{directory}/dovecot.conf"].startswith("dovecot_config_version = 2.4.1\n")


@pytest.mark.parametrize(
    ("present", "settings", "restart"),
    [
        (f"{HEAD}ssl = no\n", {"ssl": True}, False),
        (f"{HEAD}service x {{\n}}\n", {"service x": {"inet_listener y": {"port": 1}}}, False),
        (f"{HEAD}default_login_user = a\n", {"default_login_user": "b"}, True),
        (f'{HEAD}default_login_user = "a"\nssl = no\n', {"default_login_user": "a"}, False),
        (f"{HEAD}base_dir = /run/x\n", {"ssl": True}, True),
        (f"{HEAD}ssl = no\n", {"base_dir": "/run/x"}, True),
        (f"{HEAD}!include_try conf.d/*.conf\n", {"ssl": True}, True),
        (f"{HEAD}!include_try conf.d/*.conf\n", {"base_dir": "/run/x"}, False),
        (f"{HEAD}!include_try none.d/*.conf\n", {"ssl": True}, False),
    ],
)
def test_what_needs_a_restart(
    make: Make, directory: Path, present: str, settings: dict[str, Any], restart: bool
) -> None:
    write(directory / "dovecot.conf", present)
    (directory / "conf.d").mkdir()
    write(directory / "conf.d/10-base.conf", "base_dir = /run/x\n")
    assert make(settings).result["restart_required"] is restart


def test_secrets_are_for_root_alone_and_in_no_output(make: Make, directory: Path) -> None:
    secret = {"path": "x.ext", "settings": {"driver": "pgsql"}, "secrets": {"connect": "hunter3"}}
    plan = make(secrets={"doveadm_password": "hunter2"}, files=[secret])
    shown = json.dumps([plan.diff(), plan.actions, plan.result, plan.warnings])
    assert "hunter" not in shown
    assert "(secret)" in shown
    plan.apply()
    for name in ("dovecot.conf", "x.ext"):
        assert (directory / name).stat().st_mode & 0o777 == 0o600
    assert "doveadm_password = hunter2" in (directory / "dovecot.conf").read_text()
    again = make(secrets={"doveadm_password": "hunter4"}, files=[secret])
    assert again.actions == [f"replace {directory}/dovecot.conf"]
    shown = json.dumps(again.diff())
    assert "hunter" not in shown
    assert "(secret, changed)" in shown


def test_a_secret_that_is_no_longer_declared_is_not_shown(make: Make) -> None:
    make(secrets={"odd": "hunter2"}).apply()
    diff = make().diff()
    assert "hunter2" not in json.dumps(diff)
    assert "odd = (secret)" in diff[0]["before"]


def test_a_secret_in_the_settings_is_masked_and_warned_about(make: Make) -> None:
    plan = make({"doveadm_password": "hunter2"})
    assert "hunter2" not in json.dumps([plan.diff(), plan.warnings])
    assert plan.warnings == [
        "settings.doveadm_password looks like a secret, and Ansible writes it to the log; give it in secrets instead"
    ]


def test_everything_wrong_is_refused_at_once(make: Make, host: Any, directory: Path) -> None:
    host.errors = {"bogus": "bogus: Unknown setting: bogus"}
    with pytest.raises(InputError) as raised:
        make({"a": 1.5, "bogus": True, "mail_driver": "x", "mail_uid": "nobody-here"}, files=[{"path": "/x"}])
    assert [problem.option for problem in raised.value.problems] == [
        "settings.a",
        "files[0].path",
        "files[0]",
        "settings.bogus",
        "settings.mail_uid",
        "settings.mail_driver",
    ]
    assert "settings.bogus: 'yes' is not known to Dovecot 2.4 here (line 3 of " in raised.value.message
    assert [finding["code"] for finding in raised.value.details["findings"]] == ["setting", "account", "driver"]
    assert list(directory.iterdir()) == []


def test_what_the_host_lacks_is_a_warning_until_it_is_applied(make: Make, directory: Path) -> None:
    plan = make({"mail_uid": "nobody-here"}, files=[{"path": "sieve/a.sieve", "content": "keep;\n"}])
    assert plan.changed
    assert plan.warnings == [
        "settings.mail_uid: 'nobody-here' there is no user nobody-here "
        f"(line 3 of {directory}/dovecot.conf); create the user first"
    ]
    assert [finding["severity"] for finding in plan.result["findings"]] == ["missing"]
    with pytest.raises(InputError, match="there is no user nobody-here") as raised:
        plan.apply()
    assert raised.value.details["actions_done"] == []
    assert list(directory.iterdir()) == []


def test_on_a_bare_host_all_is_planned_and_nothing_applied(
    make: Make, directory: Path, host: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning.host, "installed_version", lambda: None)
    directory.rmdir()
    plan = make({"mail_uid": "nobody-here"})
    assert plan.changed
    assert plan.result["version_source"] == "distribution"
    assert plan.warnings == ["Dovecot is not installed yet: its own checks of the configuration were not done"]
    assert host.asked == []
    with pytest.raises(Error, match=r"does not exist; install the package that owns it.*nothing was changed"):
        plan.apply()
    assert not directory.exists()


def test_bad_input_is_refused_on_a_bare_host_too(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning.host, "installed_version", lambda: None)
    with pytest.raises(InputError, match=r"settings\.a: 1\.5"):
        make({"a": 1.5})


def interrupt(directory: Path, content: bytes) -> None:
    """Leave a change committed and not completed, as a crash between both would."""
    with pytest.MonkeyPatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr(files, "recover", lambda _directory: None if not list(directory.glob(".*committed")) else crash())
        files.replace_files(str(directory), [files.FileChange(f"{directory}/dovecot.conf", content)])
    assert files.pending(str(directory))


def crash() -> None:
    raise RuntimeError


def test_an_interrupted_change_is_completed(make: Make, directory: Path) -> None:
    write(directory / "dovecot.conf", f"{HEAD}base_dir = /run/x\n")
    interrupt(directory, f"{HEAD}ssl = yes\n".encode())
    plan = make()
    assert plan.actions == [f"complete the interrupted change of {directory}"]
    assert (plan.result["reload_required"], plan.result["restart_required"]) == (True, True)
    plan.apply()
    assert (directory / "dovecot.conf").read_text() == f"{HEAD}ssl = yes\n"
    assert not make().changed


def test_an_interrupted_change_is_completed_before_the_next(make: Make, directory: Path) -> None:
    write(directory / "dovecot.conf", "first\n")
    interrupt(directory, b"second\n")
    plan = make()
    assert plan.actions == [
        f"complete the interrupted change of {directory}",
        f"replace {directory}/dovecot.conf",
    ]
    assert plan.before[f"{directory}/dovecot.conf"] == "second\n"
    plan.apply()
    assert (directory / "dovecot.conf").read_text() == f"{HEAD}ssl = yes\n"


# --- going back ------------------------------------------------------------------------------------------------------


@pytest.fixture
def go_back(make: Make) -> Make:
    return lambda **params: make({}, state="rolled_back", **params)


def test_a_change_is_taken_back_whole(make: Make, go_back: Make, directory: Path) -> None:
    make().apply()
    kept = make({"ssl": False, "base_dir": "/run/x"}, files=[{"path": "sieve/a.sieve", "content": "keep;\n"}]).apply()
    plan = go_back()
    path, script = f"{directory}/dovecot.conf", f"{directory}/sieve/a.sieve"
    (action,) = plan.actions
    assert action.endswith(f": remove {script}, restore {path}")
    assert plan.result["rolled_back"] == kept["backup_id"]
    assert (plan.result["reload_required"], plan.result["restart_required"]) == (True, True)
    assert {entry["before_header"] for entry in plan.diff()} == {path, script, f"{script} (owner and mode)"}
    assert plan.after[path] == f"{HEAD}ssl = yes\n"
    plan.apply()
    assert (directory / "dovecot.conf").read_text() == f"{HEAD}ssl = yes\n"
    assert not (directory / "sieve/a.sieve").exists()
    again = go_back()
    assert (again.changed, again.diff(), again.result["rolled_back"]) == (False, [], None)
    assert not go_back(backup_id=kept["backup_id"]).changed


def test_what_was_is_checked_like_what_is_declared(make: Make, go_back: Make, host: Any) -> None:
    make({"ssl": True, "mail_plugins": ["acl"]}, ignore_findings=["plugin"]).apply()
    make().apply()
    host.errors = {"mail_plugins": "ssl: Invalid boolean value"}
    with pytest.raises(InputError, match=r"backup_id: .*Invalid boolean") as caught:
        go_back()
    assert "the plugin acl is not installed" in caught.value.message
    host.errors = {}
    missing = go_back()
    assert missing.changed
    with pytest.raises(InputError, match="the plugin acl is not installed"):
        missing.apply()
    go_back(ignore_findings=["plugin"]).apply()


def test_secrets_come_back_for_root_alone_and_in_no_output(make: Make, go_back: Make, directory: Path) -> None:
    make(secrets={"any_setting": "hunter2"}).apply()
    make({"ssl": False}).apply()
    plan = go_back()
    assert "hunter2" not in f"{plan}{plan.diff()}"
    plan.apply()
    assert (directory / "dovecot.conf").stat().st_mode & 0o777 == 0o600
    assert "hunter2" in (directory / "dovecot.conf").read_text()


def test_dovecot_is_not_left_without_a_configuration(make: Make, go_back: Make) -> None:
    make().apply()
    with pytest.raises(InputError, match="did not exist, and Dovecot does not start without it"):
        go_back()


def test_what_others_wrote_is_checked_with_what_it_includes(
    make: Make, go_back: Make, host: Any, directory: Path
) -> None:
    write(directory / "dovecot.conf", "!include_try conf.d/*.conf\n")
    make().apply()
    host.asked.clear()
    plan = go_back()
    assert host.asked == ["!include_try conf.d/*.conf\n"]
    plan.apply()
    assert (directory / "dovecot.conf").read_text() == "!include_try conf.d/*.conf\n"


def test_settings_cannot_be_declared_when_going_back(make: Make) -> None:
    with pytest.raises(InputError, match="settings: is given together"):
        make(state="rolled_back")
