# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From options to a plan and its effect, in a folder of our own."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from pathlib import Path
from typing import Any, Callable, Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot import planning as written
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.upgrade import planning
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.plan import Plan

OLD = """\
protocols = imap
mail_location = maildir:~/Maildir
disable_plaintext_auth = no
doveadm_password = very secret
imap_id_log = *
mail_replica = tcp:other
plugin {
  antispam_a = 1
  antispam_b = 2
}
passdb {
  driver = pam
}
"""
Make = Callable[..., Plan]


@pytest.fixture
def installed(installation: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The Dovecot of the host; the files belong to whoever runs the test."""
    found: dict[str, Any] = {"version": None, "fake": installation("2.4")}
    monkeypatch.setattr(planning.host, "installed_version", lambda: found["version"])
    monkeypatch.setattr(written.host, "Installation", lambda _syntax, _directory: found["fake"])
    monkeypatch.setattr(written, "OWNER", pwd.getpwuid(os.getuid()).pw_name)
    monkeypatch.setattr(written, "GROUP", grp.getgrgid(os.getgid()).gr_name)
    return found


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "dovecot" / "dovecot.conf"
    path.parent.mkdir()
    path.write_text(OLD)
    return path


@pytest.fixture
def make(old: Path, installed: dict[str, Any]) -> Make:
    def plan(decisions: Optional[dict[str, Any]] = None, **params: Any) -> Plan:
        options = {
            "path": str(old),
            "dest": None,
            "decisions": decisions or {},
            "on_decision": "fail",
            "backup": True,
            "backup_count": 20,
            "backup_directory": str(old.parent.parent / "backups"),
            "ignore_findings": [],
        }
        return planning.plan({**options, **params})

    return plan


ANSWERS: dict[str, Any] = {
    "mail_replica": "drop",
    "plugin.antispam_*": {"protocol imap": {"mail_plugins": "imap_sieve"}},
}


def test_what_nobody_decided_is_refused_whole(make: Make, old: Path) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert [problem.option for problem in caught.value.problems] == [
        f"mail_replica (line 6 of {old})",
        f"plugin.antispam_a (line 8 of {old})",
        f"plugin.antispam_b (line 9 of {old})",
    ]
    assert caught.value.details["summary"] == "9 settings: 5 converted, 1 dropped, 3 to decide about"
    assert len(caught.value.details["decisions"]) == 3
    assert not (old.parent / "dovecot-2.4.conf").exists()


def test_answers_are_put_into_effect(make: Make, old: Path) -> None:
    plan = make(ANSWERS)
    new = old.parent / "dovecot-2.4.conf"
    assert plan.actions == [f"create {new}"]
    assert plan.result["summary"] == "9 settings: 7 converted, 2 dropped, 0 to decide about"
    plan.apply()
    text = new.read_text()
    assert text.startswith("dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n")
    assert "auth_allow_cleartext = yes\n" in text
    assert "protocol imap {\n  mail_plugins = imap_sieve\n}\n" in text
    assert old.read_text() == OLD
    again = make(ANSWERS)
    assert not again.changed
    assert again.diff() == []


def test_a_secret_is_in_the_file_alone(make: Make, old: Path) -> None:
    plan = make(ANSWERS)
    plan.apply()
    new = old.parent / "dovecot-2.4.conf"
    assert "doveadm_password = very secret\n" in new.read_text()
    assert stat.S_IMODE(new.stat().st_mode) == 0o600
    assert "very secret" not in str((plan.diff(), plan.result, plan.warnings, plan.actions))


def test_a_comment_for_what_nobody_decided(make: Make, old: Path) -> None:
    plan = make(on_decision="keep_comment")
    plan.apply()
    text = (old.parent / "dovecot-2.4.conf").read_text()
    assert f"# DECIDE {old}:6: 2.4 has no replicator" in text
    assert "# mail_replica = tcp:other\n" in text
    assert len([warning for warning in plan.warnings if "antispam" in warning]) == 2
    assert not make(on_decision="keep_comment").changed


def test_in_place_with_a_backup_and_then_nothing(make: Make, old: Path) -> None:
    plan = make(ANSWERS, dest=str(old))
    assert plan.actions == [f"replace {old}"]
    kept = plan.apply()["backup_path"]
    assert OLD in [path.read_text() for path in Path(kept).rglob("*") if path.is_file()]
    again = make({}, dest=str(old))
    assert not again.changed
    assert "for Dovecot 2.4 already" in again.result["summary"]
    assert again.result["converted"] == []


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ({**ANSWERS, "no_such": "drop"}, "answers nothing"),
        ({**ANSWERS, "mail_replica": "keep"}, "is no answer"),
        ({**ANSWERS, "mail_replica": {"passdb ldap": {"ldap_auth_dn_password": "x"}}}, "looks like a secret"),
    ],
)
def test_a_wrong_answer(make: Make, decisions: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        make(decisions)
    assert [message in problem.message for problem in caught.value.problems] == [True]
    assert all(problem.value != "x" for problem in caught.value.problems)


def test_an_answer_by_file_and_line(make: Make, old: Path) -> None:
    plan = make({f"{old}:6": "drop", "plugin.antispam_*": "drop"})
    assert [entry["name"] for entry in plan.result["dropped"]] == [
        "imap_id_log",
        "mail_replica",
        "plugin.antispam_a",
        "plugin.antispam_b",
    ]


def test_all_faults_at_once(make: Make, old: Path) -> None:
    old.write_text("service imap{\n}\n!include none.conf\n")
    with pytest.raises(InputError) as caught:
        make()
    assert len(caught.value.problems) == 2


def test_relative_paths_are_refused(make: Make) -> None:
    with pytest.raises(InputError, match="dest: 'x' is not an absolute path"):
        make(dest="x")


def test_dovecot_2_4_checks_the_result(make: Make, installed: dict[str, Any], installation: Callable[..., Any]) -> None:
    installed["version"] = "2.4.1-4 (7d8c0e5759)"
    installed["fake"] = installation("2.4", {"mail_path": "mail_path: no good"}, programs={"imap", "imap-login"})
    with pytest.raises(InputError, match="no good"):
        make(ANSWERS)


def test_a_draft_may_be_wrong_while_decisions_are_open(
    make: Make, installed: dict[str, Any], installation: Callable[..., Any], old: Path
) -> None:
    """The refusal would hide what is to be decided about. Where the file is in use, it is refused all the same."""
    installed["version"] = "2.4.1-4 (7d8c0e5759)"
    installed["fake"] = installation("2.4", {"mail_path": "mail_path: no good"}, programs={"imap", "imap-login"})
    plan = make(on_decision="keep_comment")
    assert any("no good" in warning for warning in plan.warnings)
    plan.apply()
    assert "# DECIDE" in (old.parent / "dovecot-2.4.conf").read_text()
    with pytest.raises(InputError, match="no good") as caught:
        make(on_decision="keep_comment", dest=str(old))
    assert [entry["name"] for entry in caught.value.details["decisions"]] == [
        "mail_replica",
        "plugin.antispam_a",
        "plugin.antispam_b",
    ]


def test_what_only_our_checks_find_refuses_nothing_that_is_not_in_use(
    make: Make, installed: dict[str, Any], old: Path
) -> None:
    installed["version"] = "2.4.1-4 (7d8c0e5759)"
    old.write_text("protocols = imap\nmail_location = maildir:~/Maildir\nssl = no\n")
    plan = make()
    assert "passdb" in [finding["code"] for finding in plan.result["findings"] if finding["severity"] == "error"]
    plan.apply()
    assert (old.parent / "dovecot-2.4.conf").exists()
    with pytest.raises(InputError, match="no passdb"):
        make(dest=str(old))


def test_what_is_missing_here_is_a_warning_where_the_file_is_not_in_use(
    make: Make, installed: dict[str, Any], old: Path
) -> None:
    installed["version"] = "2.4.1-4 (7d8c0e5759)"
    old.write_text(f"{OLD}userdb {{\n  driver = passwd\n}}\n")
    plan = make(ANSWERS)
    lacks = [finding["code"] for finding in plan.result["findings"] if finding["severity"] == "missing"]
    assert lacks == ["plugin", "protocol"]
    plan.apply()
    assert (old.parent / "dovecot-2.4.conf").exists()


def test_dovecot_2_3_checks_nothing(make: Make, installed: dict[str, Any]) -> None:
    installed["version"] = "2.3.19.1 (9b53102964)"
    assert any("own checks" in warning for warning in make(ANSWERS).warnings)
