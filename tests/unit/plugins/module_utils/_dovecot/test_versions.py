# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Dovecot a file is for, and its version settings."""

from __future__ import annotations

from typing import Any, Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.versions import (
    Version,
    decide,
    numbers,
    version_settings,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError

BOOKWORM = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
TRIXIE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n'
TESTING = 'PRETTY_NAME="Debian GNU/Linux forky/sid"\nID=debian\n'
FEDORA = 'PRETTY_NAME="Fedora Linux 43"\nVERSION_ID=43\nID=fedora\n'
INSTALLED = Version("2.4", "installed", (2, 4, 1))


@pytest.mark.parametrize(
    ("said", "release"),
    [
        ("2.3.19.1 (9b53102964)", (2, 3, 19, 1)),
        ("2.4.1-4 (7d8c0e5759)", (2, 4, 1)),
        ("unknown", None),
    ],
)
def test_numbers(said: str, release: Optional[tuple[int, ...]]) -> None:
    assert numbers(said) == release


@pytest.mark.parametrize(
    ("option", "installed", "os_release", "version"),
    [
        ("auto", "2.3.19.1 (9b53102964)", BOOKWORM, Version("2.3", "installed", (2, 3, 19, 1))),
        ("auto", "2.4.1-4 (7d8c0e5759)", BOOKWORM, INSTALLED),
        ("2.4", "2.4.1-4 (7d8c0e5759)", TRIXIE, INSTALLED),
        ("auto", None, BOOKWORM, Version("2.3", "distribution")),
        ("auto", None, TRIXIE, Version("2.4", "distribution")),
        ("auto", None, TESTING, Version("2.4", "distribution")),
        ("2.3", None, TRIXIE, Version("2.3", "option")),
        ("2.4", None, FEDORA, Version("2.4", "option")),
    ],
)
def test_decide(option: str, installed: Optional[str], os_release: str, version: Version) -> None:
    assert decide(option, installed, os_release) == version


@pytest.mark.parametrize(
    ("option", "installed", "os_release", "problem"),
    [
        ("auto", "2.2.36 (x)", BOOKWORM, "version: 'auto' Dovecot 2.2.36 (x) is installed; install Dovecot 2.3 or 2.4"),
        ("2.3", "2.4.1-4 (x)", TRIXIE, "version: '2.3' Dovecot 2.4 is installed; leave the option out"),
        (
            "auto",
            None,
            FEDORA,
            "version: 'auto' Dovecot is not installed and Fedora Linux 43 does not tell its version; say 2.3 or 2.4",
        ),
        (
            "auto",
            None,
            "",
            "version: 'auto' Dovecot is not installed and this system does not tell its version; say 2.3 or 2.4",
        ),
    ],
)
def test_what_cannot_be_decided(option: str, installed: Optional[str], os_release: str, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        decide(option, installed, os_release)
    assert [str(found) for found in raised.value.problems] == [problem]


@pytest.mark.parametrize(
    ("settings", "present", "expected"),
    [
        ({}, "", ("2.4.0", "2.4.0")),
        ({}, "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n", ("2.4.1", "2.4.0")),
        ({}, "dovecot_config_version = 2.4.3\n", ("2.4.3", "2.4.0")),
        ({"dovecot_config_version": "2.4.1"}, "dovecot_config_version = 2.4.0\n", ("2.4.1", "2.4.0")),
        ({"dovecot_storage_version": None}, "dovecot_storage_version = 2.4.1", ("2.4.0", "2.4.1")),
        ({}, "# dovecot_config_version = 2.4.1\n", ("2.4.0", "2.4.0")),
    ],
)
def test_version_settings_stay_what_they_are(settings: dict[str, Any], present: str, expected: tuple[str, str]) -> None:
    rendered, problems = version_settings(INSTALLED, settings, present)
    assert problems == []
    assert list(rendered.items()) == list(zip(("dovecot_config_version", "dovecot_storage_version"), expected))


def test_2_3_has_no_version_settings() -> None:
    version = Version("2.3", "installed", (2, 3, 19))
    assert version_settings(version, {}, "") == ({}, [])
    rendered, problems = version_settings(version, {"dovecot_config_version": "2.4.0"}, "")
    assert rendered == {}
    assert [str(problem) for problem in problems] == [
        "settings.dovecot_config_version: '2.4.0' is not known to Dovecot 2.3; leave it out"
    ]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("2.4.2", "'2.4.2' is newer than the installed 2.4.1; give 2.4.1 or less"),
        ("2.3.0", "'2.3.0' is not a version of Dovecot 2.4; give one like 2.4.0"),
        (2.4, "'2.4' is not a version of Dovecot 2.4; give one like 2.4.0"),
        ("newest", "'newest' is not a version of Dovecot 2.4; give one like 2.4.0"),
    ],
)
@pytest.mark.parametrize("name", ["dovecot_config_version", "dovecot_storage_version"])
def test_bad_version_settings(name: str, value: Any, problem: str) -> None:
    rendered, problems = version_settings(INSTALLED, {name: value}, "")
    assert [str(found) for found in problems] == [f"settings.{name}: {problem}"]
    assert rendered[name] == "2.4.0"


def test_without_an_installed_dovecot_any_2_4_will_do() -> None:
    rendered, problems = version_settings(Version("2.4", "distribution"), {"dovecot_config_version": "2.4.9"}, "")
    assert problems == []
    assert rendered["dovecot_config_version"] == "2.4.9"
