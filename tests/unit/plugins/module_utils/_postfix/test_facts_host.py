# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts about files and certificates, taken from real files with the real openssl(1)."""

import os
import pwd
import sqlite3
import subprocess

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.commands import Result
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import facts_host


@pytest.fixture
def pem(tmp_path):
    """A key and its certificate, valid for ten days."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=mail.example.test", "-days", "10", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *names], check=True, capture_output=True)
    return key.read_text(), certificate.read_text()


def test_a_key_and_its_certificate(pem):
    key, leaf = facts_host._pem("".join(pem))
    assert (key.is_key, leaf.is_key) == (True, False)
    assert key.public_key == leaf.public_key
    assert "BEGIN PUBLIC KEY" in key.public_key
    assert (key.days_left, leaf.days_left) == (None, 9)


def test_the_rest_of_a_chain_does_not_count(pem):
    key, certificate = pem
    assert [one.is_key for one in facts_host._pem(key + certificate * 3)] == [True, False]
    assert [one.is_key for one in facts_host._pem(certificate * 2)] == [False]


def test_what_openssl_cannot_read(pem):
    broken = pem[0].replace("\n", "\nAAAA", 1)
    assert [one.public_key for one in facts_host._pem(broken)] == [None]
    assert facts_host._pem("no PEM at all") == []
    assert facts_host._pem(None) is None


@pytest.fixture
def host(tmp_path, monkeypatch):
    monkeypatch.setattr(facts_host.commands, "run", lambda argv: Result(argv, 0, "hash\nstatic\n", "", 0.0))
    (tmp_path / "smtpd").touch(mode=0o755)
    (tmp_path / "not-a-program").touch(mode=0o644)
    texts = {"main.cf": "x", "new.cf": "a = b\n", "gone.cf": None}
    master = "smtp inet n - y - - smtpd\na unix - - n - - not-a-program\nb unix - - n - - nosuch\n"
    (tmp_path / "gone.cf").write_text("still there\n")
    return facts_host.host(str(tmp_path), texts, master, {"daemon_directory": str(tmp_path)})


def test_the_new_files_stand_for_those_that_are_there(host, tmp_path):
    assert host.read(f"{tmp_path}/new.cf") == "a = b\n"
    assert host.look(f"{tmp_path}/new.cf").public is False
    assert host.look(f"{tmp_path}/gone.cf") is None
    assert host.read(f"{tmp_path}/gone.cf") is None


def test_files_of_the_host(host, tmp_path):
    path = tmp_path / "table"
    assert host.look(f"{path}") is None
    path.write_text("x")
    found = facts_host._entry(str(path))
    assert found.modified == path.stat().st_mtime
    assert facts_host._entry(f"{path}/below") is None
    assert host.read("/nosuch") is None


def test_who_can_read_a_file(tmp_path, monkeypatch):
    facts_host._is_reachable.cache_clear()
    monkeypatch.setattr(facts_host, "_is_reachable", lambda folder: folder == str(tmp_path))
    path = tmp_path / "secret"
    path.touch()
    path.chmod(0o644)
    assert facts_host._entry(str(path)).public is True
    path.chmod(0o640)
    assert facts_host._entry(str(path)).public is False
    monkeypatch.setattr(facts_host, "_is_reachable", lambda _folder: False)
    path.chmod(0o644)
    assert facts_host._entry(str(path)).public is False


def test_a_folder_that_others_may_not_enter(tmp_path):
    tmp_path.chmod(0o700)
    assert facts_host._is_reachable(str(tmp_path)) is False
    assert facts_host._is_reachable("/usr") is True


def test_tables_and_daemons(host):
    assert host.map_types == {"hash", "static"}
    assert host.missing_daemons == {"not-a-program", "nosuch"}


@pytest.mark.parametrize(
    ("text", "fills"), [("", True), ("SYNC_CHROOT=y\n", True), ("SYNC_CHROOT=\n", False), ("SYNC_CHROOT=''\n", False)]
)
def test_whether_debian_fills_the_jail(tmp_path, monkeypatch, text, fills):
    (tmp_path / "default").write_text(text)
    monkeypatch.setattr(facts_host, "DEFAULTS_FILE", str(tmp_path / "default"))
    assert facts_host._fills_jail() is fills


def test_who_may_read_a_file(tmp_path):
    path = tmp_path / "table"
    path.write_text("x")
    path.chmod(0o600)
    # The folders of a test belong to whoever runs it.
    assert facts_host._may_read("nobody", str(path)) is False
    assert facts_host._may_read(pwd.getpwuid(os.getuid()).pw_name, str(path)) is True
    assert facts_host._may_read("no-such-account", str(path)) is True
    assert facts_host._may_read("nobody", str(tmp_path / "nosuch")) is True
    assert facts_host._may_read("nobody", "/etc/passwd") is True


@pytest.mark.parametrize(
    ("mode", "user", "groups", "allowed"),
    [
        (0o600, 7, {8}, True),
        (0o040, 7, {8}, False),
        (0o040, 1, {8, 9}, True),
        (0o004, 1, {8}, False),
        (0o004, 1, {9}, True),
        (0o000, 1, {9}, False),
    ],
)
def test_rights(mode, user, groups, allowed):
    status = os.stat_result((mode, 0, 0, 0, 7, 8, 0, 0, 0, 0))
    assert facts_host._allows(status, user, groups, 0o4) is allowed


@pytest.mark.parametrize(("column", "secret"), [("password", True), ("passwd TEXT", True), ("bypass", False)])
def test_databases_with_passwords(tmp_path, column, secret):
    path = tmp_path / "mail.sqlite"
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE mailbox (username TEXT, {column})")
    assert facts_host._has_passwords(str(path)) is secret
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["mail.sqlite"]
    assert facts_host._has_passwords(str(tmp_path / "nosuch")) is False
    (tmp_path / "text").write_text("no database at all, and long enough to see that\n")
    assert facts_host._has_passwords(str(tmp_path / "text")) is False
