# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that is removed and nothing else, and files with a password that nobody else reads."""

import os
import resource
import signal
import stat
import time
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.mail_files import (
    is_exposed,
    mail_folder,
    protect,
    read_password,
    remove_mail,
    write_password,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error


@pytest.fixture
def mail(tmp_path):
    folder = tmp_path / "mail"
    for name in ("alice", "bob"):
        (folder / "example.org" / name / "Maildir" / "new").mkdir(parents=True)
        (folder / "example.org" / name / "Maildir" / "new" / "1").write_text("mail", encoding="utf-8")
    return folder


def test_a_folder_is_below_the_mail_directory():
    assert mail_folder("/var/vmail", "example.org/alice/") == "/var/vmail/example.org/alice"
    assert mail_folder("/var/vmail", "alice@example.org") == "/var/vmail/alice@example.org"


@pytest.mark.parametrize("maildir", ["", "/", "/etc", "../etc/", "example.org/../../etc/", "a//b/", "./a", "a/.."])
def test_a_folder_elsewhere_is_refused(maildir):
    with pytest.raises(Error, match="correct maildir"):
        mail_folder("/var/vmail", maildir)


def test_a_relative_mail_directory_is_refused():
    with pytest.raises(Error, match="cannot lie"):
        mail_folder("vmail", "a/b/")


def test_mail_of_one_mailbox_is_removed(mail):
    remove_mail(str(mail), "example.org/alice/")
    assert sorted(path.name for path in (mail / "example.org").iterdir()) == ["bob"]
    assert (mail / "example.org/bob/Maildir/new/1").read_text(encoding="utf-8") == "mail"


def test_mail_that_is_gone_is_fine(mail):
    remove_mail(str(mail), "example.org/nobody/")
    remove_mail(str(mail), "example.net/alice/")
    remove_mail(str(mail / "none"), "example.org/alice/")


@pytest.mark.parametrize("link", ["example.net", "example.org/carol"])
def test_a_symbolic_link_on_the_way_is_refused(mail, link, tmp_path):
    target = tmp_path / "precious"
    (target / "carol").mkdir(parents=True)
    (mail / link).symlink_to(target)
    with pytest.raises(Error, match="cannot be removed"):
        remove_mail(str(mail), "example.net/carol/" if link == "example.net" else "example.org/carol/")
    assert (target / "carol").is_dir()


def test_a_symbolic_link_within_the_mail_is_removed_alone(mail, tmp_path):
    target = tmp_path / "precious"
    target.mkdir()
    (mail / "example.org/alice/link").symlink_to(target)
    remove_mail(str(mail), "example.org/alice/")
    assert target.is_dir()
    assert not (mail / "example.org/alice").exists()


def test_no_open_file_is_left(mail):
    before = len(os.listdir("/proc/self/fd"))
    remove_mail(str(mail), "example.org/alice/")
    remove_mail(str(mail), "example.net/alice/")
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_password_is_written_for_its_owner_alone_and_read_again(tmp_path):
    path = str(tmp_path / "new" / "password")
    assert read_password(path) is None
    write_password(path, "secret")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert read_password(path) == "secret"
    assert not is_exposed(path)
    assert os.listdir(tmp_path / "new") == ["password"]


def test_a_full_disk_leaves_no_draft(tmp_path):
    path = str(tmp_path / "password")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, limit[1]))
    try:
        with pytest.raises(Error, match=f"{path} cannot be written: "):
            write_password(path, "secret")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert os.listdir(tmp_path) == []


def test_a_folder_is_no_password_file(tmp_path):
    with pytest.raises(Error, match=f"{tmp_path} is not a plain file"):
        read_password(str(tmp_path))


def test_a_draft_that_a_crash_left_is_replaced(tmp_path):
    Path(tmp_path, "password.new").write_text("half", encoding="utf-8")
    write_password(str(tmp_path / "password"), "secret")
    assert os.listdir(tmp_path) == ["password"]


@pytest.mark.parametrize(
    ("content", "password"), [("secret", "secret"), ("secret\n", "secret"), (" a b \n", " a b "), ("", "")]
)
def test_the_line_is_the_password(tmp_path, content, password):
    (tmp_path / "password").write_text(content, encoding="utf-8")
    assert read_password(str(tmp_path / "password")) == password


def test_an_exposed_file_is_protected(tmp_path):
    path = tmp_path / "password"
    path.write_text("secret", encoding="utf-8")
    path.chmod(0o640)
    assert is_exposed(str(path))
    protect(str(path))
    assert not is_exposed(str(path))


def test_a_link_is_no_password_file(tmp_path):
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(Error, match="plain file"):
        read_password(str(tmp_path / "link"))


def test_a_pipe_is_no_password_file_and_nothing_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    started = time.monotonic()
    with pytest.raises(Error, match="plain file"):
        read_password(str(tmp_path / "pipe"))
    assert time.monotonic() - started < 5
