# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the information module returns."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot import info
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.commands import Result

TEXT = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.1\nlog_path = /a\ndoveadm_password = hush\n"


@pytest.fixture
def look(installation: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    def inspect(text: str, version: Optional[str] = "2.4.1-4 (x)", errors: Any = None, **params: Any) -> dict[str, Any]:
        class Installed(type(installation())):  # type: ignore[misc]
            def doveconf(self, text: str) -> Result:
                said = super().doveconf(text)
                return Result(said.argv, said.rc, text if said.rc == 0 else "", said.stderr, 0.0)

            def defaults(self) -> str:
                return "log_path = syslog\n"

        monkeypatch.setattr(info.host, "installed_version", lambda: version)
        made = Installed("2.4", errors, plugins=["quota", "acl"])
        monkeypatch.setattr(info.host, "Installation", lambda _syntax, _directory: made)
        (tmp_path / "dovecot.conf").write_text(text)
        plan = info.inspect({"path": str(tmp_path / "dovecot.conf"), "ignore_findings": [], **params})
        assert not plan.changed
        return dict(plan.result)

    return inspect


def test_on_a_bare_host_all_is_empty(look: Callable[..., Any]) -> None:
    found = look(TEXT, version=None)
    assert found["installed"] is False
    assert not any(found.values())
    assert set(found) == set(look(TEXT))


def test_a_good_configuration(look: Callable[..., Any], tmp_path: Path) -> None:
    found = look(TEXT)
    path = str(tmp_path / "dovecot.conf")
    assert {key: found[key] for key in ("installed", "release", "version", "config_version", "storage_version")} == {
        "installed": True,
        "release": "2.4.1",
        "version": "2.4",
        "config_version": "2.4.0",
        "storage_version": "2.4.1",
    }
    assert (found["valid"], found["files"], found["findings"]) == (True, [path], [])
    assert found["installed_plugins"] == ["acl", "quota"]
    assert [(entry["name"], entry["value"], entry["default"], entry["line"]) for entry in found["settings"]] == [
        ("dovecot_config_version", "2.4.0", None, 1),
        ("dovecot_storage_version", "2.4.1", None, 2),
        ("log_path", "/a", "syslog", 3),
        ("doveadm_password", "(secret)", None, 4),
    ]


def test_a_broken_one(look: Callable[..., Any]) -> None:
    errors = {"bogus": "bogus: Unknown setting: bogus"}
    found = look(f"{TEXT}bogus = 1\n", errors=errors)
    assert found["valid"] is False
    assert [(entry["code"], entry["line"]) for entry in found["findings"]] == [("setting", 5)]
    assert [entry["name"] for entry in found["settings"]][-1] == "bogus"
    assert look(f"{TEXT}bogus = 1\n", errors=errors, ignore_findings=["setting:bogus"])["findings"] == []
    assert look("service x {\n")["valid"] is False


def test_what_dovecot_takes_and_warns_of(look: Callable[..., Any]) -> None:
    found = look(f"{TEXT}x = a#b\n")
    assert found["valid"] is True
    assert [(entry["code"], entry["severity"], entry["line"]) for entry in found["findings"]] == [
        ("syntax", "warning", 5)
    ]
