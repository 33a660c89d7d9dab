# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declared files."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.configuration import (
    Configuration,
    configuration,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.versions import Version


def declared(syntax: str = "2.3", present: str = "", **params: Any) -> Configuration:
    options = {"path": "/etc/dovecot/dovecot.conf", "settings": {}, "secrets": None, "files": [], **params}
    return configuration(options, Version(syntax, "option"), present)


def problems(*files: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in declared(files=list(files)).problems]


def test_version_settings_come_first_for_2_4() -> None:
    settings = {"ssl": True, "dovecot_storage_version": "2.4.1"}
    assert declared("2.4", settings=settings).main.text == (
        "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.1\nssl = yes\n"
    )


def test_pinned_versions_stay() -> None:
    text = declared("2.4", "dovecot_config_version = 2.4.1\n").main.text
    assert text == "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n"


def test_files_lie_beside_the_configuration() -> None:
    files = [
        {"path": "dovecot-sql.conf.ext", "settings": {"driver": "pgsql", "x": "$y"}, "secrets": {"connect": "host=a"}},
        {"path": "sieve/before.sieve", "content": "keep;\n"},
    ]
    _main, sql, sieve = declared(files=files).files
    assert (sql.path, sql.text) == (
        "/etc/dovecot/dovecot-sql.conf.ext",
        'driver = pgsql\nx = "$y"\nconnect = host=a\n',
    )
    assert [line.option for line in sql.lines] == [
        "files[0].settings.driver",
        "files[0].settings.x",
        "files[0].secrets.connect",
    ]
    assert (sieve.path, sieve.text, sieve.option) == ("/etc/dovecot/sieve/before.sieve", "keep;\n", "files[1]")


@pytest.mark.parametrize(
    ("params", "modes"),
    [
        ({}, [0o644]),
        ({"secrets": {}}, [0o644]),
        ({"secrets": {"odd": "x"}}, [0o600]),
        ({"settings": {"doveadm_password": "x"}}, [0o600]),
        ({"files": [{"path": "a", "settings": {"driver": "x"}}]}, [0o644, 0o644]),
        ({"files": [{"path": "a", "secrets": {"driver": "x"}}]}, [0o644, 0o600]),
        ({"files": [{"path": "a", "settings": {"connect": "host=a password=x"}}]}, [0o644, 0o600]),
    ],
)
def test_only_root_may_read_secrets(params: dict[str, Any], modes: list[int]) -> None:
    assert [file.mode for file in declared(**params).files] == modes


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../x", "a/../../x", "./x", ".postfix_manager.committed/0", "a//b", "", "x/" + "y" * 256]
)
def test_paths_stay_in_the_folder(path: str) -> None:
    (problem,) = problems({"path": path, "content": ""})
    assert problem.startswith("files[0].path: ")
    assert "is not a plain relative path; name a file below /etc/dovecot, like sieve/before.sieve" in problem


def test_no_file_is_declared_twice() -> None:
    twice = {"path": "a.ext", "content": ""}
    assert problems(twice, twice) == ["files[1].path: 'a.ext' is declared twice; leave one out"]
    assert problems({"path": "dovecot.conf", "content": ""}) == [
        "files[0].path: 'dovecot.conf' is declared twice; leave one out"
    ]


@pytest.mark.parametrize("entry", [{}, {"settings": {}, "content": ""}, {"secrets": {}, "content": ""}])
def test_a_file_has_one_kind_of_content(entry: dict[str, Any]) -> None:
    assert problems({"path": "a", **entry}) == ["files[0]: 'a' needs either settings or content; give one of them"]


def test_everything_wrong_is_collected() -> None:
    found = declared(
        path="dovecot.conf",
        settings={"dovecot_config_version": "2.4.0", "a": 1.5},
        files=[{"path": "/x", "settings": {"b": "c\nd"}}],
    ).problems
    assert [problem.option for problem in found] == [
        "settings.dovecot_config_version",
        "settings.a",
        "path",
        "files[0].path",
        "files[0].settings.b",
    ]
