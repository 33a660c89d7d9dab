# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the host, with programs that a test wrote."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot import host
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import commands

Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a shell script as a program of the host; there are no others of Dovecot."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "cat").symlink_to("/bin/cat")
    monkeypatch.setattr(commands, "SEARCH_PATH", str(folder))

    def write(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return write


@pytest.fixture
def installation(tmp_path: Path) -> host.Installation:
    staged = tmp_path / "staged"
    staged.mkdir(mode=0o700)
    return host.Installation("2.4", str(staged))


def test_the_installed_version(install: Install) -> None:
    assert host.installed_version() is None
    install("dovecot", "echo '2.4.1-4 (7d8c0e5759)'")
    assert host.installed_version() == "2.4.1-4 (7d8c0e5759)"


def test_the_release_of_the_system() -> None:
    assert "ID=" in host.os_release()


def test_owner_and_mode(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert host.owner_and_mode(str(path)) is None
    path.write_text("")
    path.chmod(0o640)
    shown = host.owner_and_mode(str(path))
    assert shown is not None
    assert shown.endswith(" 0640\n")


def test_owners_without_a_name_are_shown_by_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_number: int) -> None:
        raise KeyError

    monkeypatch.setattr(host.pwd, "getpwuid", unknown)
    path = tmp_path / "file"
    path.write_text("")
    path.chmod(0o600)
    assert host.owner_and_mode(str(path)) == f"{os.getuid()}:{path.stat().st_gid} 0600\n"


def test_what_not_everybody_may_read_is_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert not host.is_private(str(path))
    path.write_text("")
    path.chmod(0o644)
    assert not host.is_private(str(path))
    path.chmod(0o640)
    assert host.is_private(str(path))


def test_included_files_are_found_from_the_staged_one(tmp_path: Path) -> None:
    source, staged = tmp_path / "etc", tmp_path / "staged"
    (source / "conf.d").mkdir(parents=True)
    (source / "dovecot.conf").write_text("live\n")
    (source / ".postfix_manager.prepared").mkdir()
    staged.mkdir()
    host.link_siblings(str(source), str(staged))
    assert [path.name for path in staged.iterdir()] == ["conf.d"]


def test_doveconf_gets_the_text_in_a_file(install: Install, installation: host.Installation) -> None:
    install("doveconf", 'echo "$1 $2" >&2; cat "$3" >&2; exit 89')
    said = installation.doveconf("ssl = yes\n")
    assert (said.rc, said.stderr) == (89, "-n -c\nssl = yes\n")
    install("doveconf", 'echo "$1 $2 $3" >&2; cat "$4" >&2; exit 89')
    assert installation.expanded("ssl = no\n").stderr == "-n -x -c\nssl = no\n"


def test_the_compiler_gets_script_and_settings_in_files(install: Install, installation: host.Installation) -> None:
    assert not installation.has_sievec()
    install("sievec", 'cat "$2" "$3" >&2')
    assert installation.has_sievec()
    assert installation.sievec("keep;\n", "sieve_plugins = x\n").stderr == (
        "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\nsieve_plugins = x\nkeep;\n"
    )


def test_setting_names(install: Install, installation: host.Installation) -> None:
    install("doveconf", "echo '# 2.4.1'; echo 'ssl = no'; echo 'service imap {'; echo '  client_limit = 1'; echo '}'")
    assert installation.setting_names() == {"ssl", "client_limit"}


def test_plugins_and_modules(tmp_path: Path, installation: host.Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("lib10_quota_plugin.so", "lib11_imap_quota_plugin.so", "libdriver_sqlite.so", "settings"):
        (tmp_path / name).write_text("")
    monkeypatch.setattr(host, "MODULES", str(tmp_path))
    assert installation.plugins() == {"quota", "imap_quota"}
    assert installation.plugins("/nonexistent") == set()
    assert installation.module_exists("libdriver_sqlite.so")
    assert not installation.module_exists("libdriver_pgsql.so")


def test_programs(tmp_path: Path, installation: host.Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host, "LIBEXEC", str(tmp_path))
    (tmp_path / "imap").write_text("")
    (tmp_path / "imap").chmod(0o755)
    (tmp_path / "readme").write_text("")
    assert installation.program_exists("imap")
    assert installation.program_exists("/bin/sh")
    assert not installation.program_exists("readme")
    assert not installation.program_exists("pop3")


def test_accounts_and_files(installation: host.Installation) -> None:
    assert installation.user_exists("root")
    assert installation.group_exists("root")
    assert not installation.user_exists("no-such-user")
    assert not installation.group_exists("no-such-group")
    assert installation.file_exists("/")
    assert not installation.file_exists("/nonexistent")


def test_all_that_is_installed_of_dovecot(
    tmp_path: Path, installation: host.Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "lib10_quota_plugin.so").write_bytes(b"q")
    (tmp_path / "imap").write_bytes(b"i")
    (tmp_path / "imap4").symlink_to("imap")
    monkeypatch.setattr(host, "LIBEXEC", str(tmp_path))
    assert installation.binaries() == {"lib10_quota_plugin.so": b"q", "imap": b"i"}
