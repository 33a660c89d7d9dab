# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import contextlib
import errno
import grp
import os
import pwd
import resource
import stat

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine import backups, disk, files
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.backups import Keep
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.files import FileChange

ME = pwd.getpwuid(os.getuid()).pw_name
MY_GROUP = grp.getgrgid(os.getgid()).gr_name


@pytest.fixture
def etc(tmp_path):
    """A configuration directory with two files and a link that leads to a third."""
    directory = tmp_path / "etc"
    (directory / "real").mkdir(parents=True)
    (directory / "main.cf").write_text("old main\n")
    (directory / "master.cf").write_text("old master\n")
    (directory / "real" / "target.cf").write_text("old target\n")
    (directory / "link.cf").symlink_to("real/target.cf")
    return directory


def tree(directory):
    """Every file below a directory: name to content, mode and kind."""
    return {
        str(path.relative_to(directory)): (
            path.read_bytes() if path.is_file() else None,
            oct(path.lstat().st_mode),
        )
        for path in sorted(directory.rglob("*"))
    }


# --- reading ---


def test_a_file_that_does_not_exist_is_nothing(etc):
    assert files.read(str(etc / "absent")) is None
    assert files.read_text(str(etc / "absent")) is None


def test_bytes_that_are_not_utf_8_survive(etc):
    (etc / "odd").write_bytes(b"caf\xe9\n")
    text = files.read_text(str(etc / "odd"))
    assert text.encode("utf-8", "surrogateescape") == b"caf\xe9\n"


def test_what_cannot_be_read_is_named(etc):
    with pytest.raises(Error, match="real cannot be read: Is a directory; name a file"):
        files.read(str(etc / "real"))
    os.mkfifo(etc / "pipe")
    for path in (str(etc / "pipe"), "/dev/null"):
        with pytest.raises(Error, match=f"{path} is not a regular file; name another path"):
            files.read(path)


def test_a_private_directory_is_ours_alone_and_goes():
    with files.private_directory() as path:
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
        with open(os.path.join(path, "x"), "w", encoding="utf-8") as handle:
            handle.write("x")
    assert not os.path.exists(path)


# --- replacing ---


def test_a_set_is_replaced_created_and_removed_in_one_call(etc):
    kept = files.replace_files(
        str(etc),
        [
            FileChange(str(etc / "main.cf"), b"new main\n"),
            FileChange(str(etc / "master.cf"), None),
            FileChange(str(etc / "sqlite" / "maps" / "mailboxes.cf"), b"query\n", mode=0o640),
        ],
    )
    assert kept is None
    assert (etc / "main.cf").read_text() == "new main\n"
    assert not (etc / "master.cf").exists()
    assert (etc / "sqlite/maps/mailboxes.cf").read_text() == "query\n"
    assert stat.S_IMODE((etc / "sqlite/maps/mailboxes.cf").stat().st_mode) == 0o640
    assert [path.name for path in etc.iterdir() if path.name.startswith(".")] == []


def test_folders_are_open_to_the_daemons_whatever_the_umask(etc):
    before = os.umask(0o077)
    try:
        files.replace_files(str(etc), [FileChange(str(etc / "sqlite" / "x.cf"), b"x")])
    finally:
        os.umask(before)
    assert stat.S_IMODE((etc / "sqlite").stat().st_mode) == 0o755
    assert stat.S_IMODE((etc / "sqlite" / "x.cf").stat().st_mode) == 0o644


def test_the_present_mode_stays_when_none_is_declared(etc):
    (etc / "main.cf").chmod(0o600)
    files.replace_files(str(etc), [FileChange(str(etc / "main.cf"), b"new\n")])
    assert stat.S_IMODE((etc / "main.cf").stat().st_mode) == 0o600


def test_owner_and_group_are_set_by_name(etc):
    files.replace_files(str(etc), [FileChange(str(etc / "main.cf"), b"new\n", 0o600, ME, MY_GROUP)])
    status = (etc / "main.cf").stat()
    assert (status.st_uid, status.st_gid) == (os.getuid(), os.getgid())


def test_a_link_stays_and_what_it_leads_to_is_replaced(etc):
    files.replace_files(str(etc), [FileChange(str(etc / "link.cf"), b"new\n")])
    assert (etc / "link.cf").is_symlink()
    assert (etc / "real" / "target.cf").read_text() == "new\n"


def test_removing_what_is_not_there_is_no_error(etc):
    before = tree(etc)
    files.replace_files(str(etc), [FileChange(str(etc / "absent"), None), FileChange(str(etc / "no/such"), None)])
    assert tree(etc) == before


def test_what_is_replaced_is_kept_for_us_alone(etc, tmp_path):
    (etc / "main.cf").chmod(0o640)
    changes = [
        FileChange(str(etc / "main.cf"), b"new\n"),
        FileChange(str(etc / "master.cf"), None),
        FileChange(str(etc / "brand-new.cf"), b"x\n"),
    ]
    kept = files.replace_files(str(etc), changes, Keep(str(tmp_path / "backups"), str(etc), "for a test"))
    (backup,) = backups.backups_of(str(tmp_path / "backups"), str(etc))
    assert backup.path == kept
    assert [(os.path.basename(file.path), file.mode) for file in backup.files] == [
        ("main.cf", "0640"),
        ("master.cf", "0644"),
        ("brand-new.cf", None),
    ]
    assert backups.content_of(backup, backup.files[0]) == b"old main\n"
    assert backup.files[0].replaced_by == disk.checksum(b"new\n")
    assert backup.files[1].replaced_by is None


@pytest.mark.parametrize("name", ["main.cf", "sub/x.cf"])
def test_what_the_kernel_would_not_replace_is_found_before_the_commit(etc, tmp_path, monkeypatch, name):
    """An immutable file takes no link, an immutable folder no folder. Only a privileged host can set that flag."""
    (etc / "sub").mkdir()
    call = "link" if name == "main.cf" else "mkdir"
    real = getattr(os, call)

    def refusing(path, *rest, **named):
        if os.path.dirname(path) == str((etc / name).parent) and files.PREPARED not in str(path):
            raise OSError(errno.EPERM, os.strerror(errno.EPERM), path)
        return real(path, *rest, **named)

    monkeypatch.setattr(os, call, refusing)
    refused(etc, tmp_path, [FileChange(str(etc / name), b"x")] if name != "main.cf" else [], "so it cannot be replaced")


# --- what cannot be done is refused before anything is touched ---


def refused(etc, tmp_path, changes, why):
    before = tree(etc)
    keep = Keep(str(tmp_path / "backups"), str(etc), "for a test")
    with pytest.raises(Error, match=why):
        files.replace_files(str(etc), [FileChange(str(etc / "main.cf"), b"new\n"), *changes], keep)
    assert tree(etc) == before
    assert not (tmp_path / "backups").exists() or os.listdir(tmp_path / "backups") == []


def test_a_directory_that_does_not_exist(tmp_path):
    with pytest.raises(Error, match="does not exist; install the package"):
        files.replace_files(str(tmp_path / "absent"), [])


def test_two_changes_of_one_file(etc, tmp_path):
    changes = [FileChange(str(etc / "link.cf"), b"a"), FileChange(str(etc / "real/target.cf"), b"b")]
    refused(etc, tmp_path, changes, "target.cf is declared twice.*nothing was changed")


def test_a_directory_where_a_file_shall_be(etc, tmp_path):
    refused(etc, tmp_path, [FileChange(str(etc / "real"), b"x")], "real is not a regular file")


def test_a_file_where_a_folder_shall_be(etc, tmp_path):
    refused(etc, tmp_path, [FileChange(str(etc / "master.cf/x"), b"x")], "master.cf")


def test_another_file_system(etc, tmp_path):
    if os.stat("/dev/shm").st_dev == os.stat(etc).st_dev:
        pytest.skip("no second file system at hand")
    refused(etc, tmp_path, [FileChange("/dev/shm/postfix_manager-test", b"x")], "not on the file system of")
    assert not os.path.exists("/dev/shm/postfix_manager-test")


@pytest.mark.parametrize("who", [{"owner": "no-such-user"}, {"group": "no-such-group"}])
def test_an_unknown_user_or_group(etc, tmp_path, who):
    refused(etc, tmp_path, [FileChange(str(etc / "x.cf"), b"x", **who)], "no-such.*create the user or group first")


def test_a_file_too_large_for_the_disk(etc, tmp_path):
    """The kernel itself stops the write in the middle, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        refused(
            etc, tmp_path, [FileChange(str(etc / "sub" / "big.cf"), b"x" * 10_000)], "too large; nothing was changed"
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# --- owner and mode ---


def test_ownership_differs(etc):
    path = str(etc / "main.cf")
    (etc / "main.cf").chmod(0o644)
    assert not files.ownership_differs(FileChange(path, b""))
    assert not files.ownership_differs(FileChange(path, b"", 0o644, ME, MY_GROUP))
    assert files.ownership_differs(FileChange(path, b"", 0o600))
    assert files.ownership_differs(FileChange(path, b"", owner="somebody else"))
    assert files.ownership_differs(FileChange(path, b"", group="some group"))
    assert files.ownership_differs(FileChange(str(etc / "absent"), b""))
    assert not files.ownership_differs(FileChange(str(etc / "absent"), None))


def test_a_number_without_a_name_is_shown_as_it_is():
    assert disk._name(pwd.getpwuid, 4_000_000_000) == "4000000000"


def test_a_number_is_an_owner_too(etc):
    files.replace_files(
        str(etc), [FileChange(str(etc / "main.cf"), b"new\n", 0o600, str(os.getuid()), str(os.getgid()))]
    )
    assert (etc / "main.cf").stat().st_uid == os.getuid()


# --- crashes ---

CALLS = ("rename", "mkdir", "fsync", "open", "unlink", "rmdir", "fchmod", "fchown", "chmod", "chown", "link")


class Crash(BaseException):
    """The power goes: nothing that catches exceptions runs."""


class Interrupter:
    """Raises at one of the system calls that change something; counts them all."""

    def __init__(self, monkeypatch):
        self.count = 0
        self.at = -1
        self.after = False
        self.error = Crash
        for name in CALLS:
            monkeypatch.setattr(os, name, self.wrapped(getattr(os, name)))

    def wrapped(self, call):
        def counting(*args, **kwargs):
            if call is open_call and not args[1] & (os.O_WRONLY | os.O_RDWR):
                return call(*args, **kwargs)
            self.count += 1
            now = self.count == self.at
            if now and not self.after:
                raise self.error
            try:
                return call(*args, **kwargs)
            finally:
                if now:
                    raise self.error

        open_call = os.open
        return counting

    @contextlib.contextmanager
    def armed(self, at, after=False, error=Crash):
        """Raise at call number ``at`` (from 1; 0 never), before it is carried out or right after."""
        self.count, self.at, self.after, self.error = 0, at, after, error
        try:
            yield self
        finally:
            self.at = -1


@pytest.fixture
def interrupter(monkeypatch):
    return Interrupter(monkeypatch)


OLD = {"main.cf": b"old main", "master.cf": b"old master", "keep.cf": b"kept", "new.cf": None, "sub/deep/map.cf": None}
NEW = {"main.cf": b"new main", "master.cf": None, "keep.cf": b"kept", "new.cf": b"new", "sub/deep/map.cf": b"map"}


class Case:
    """A directory with the old set, and the change that makes the new set of it."""

    def __init__(self, root):
        self.etc = root / "etc"
        self.backups = root / "backups"
        self.etc.mkdir(parents=True)
        for name, content in OLD.items():
            if content is not None:
                (self.etc / name).write_bytes(content)

    def replace(self):
        changed = [name for name in NEW if NEW[name] != OLD[name]]
        changes = [FileChange(str(self.etc / name), NEW[name], 0o640, ME, MY_GROUP) for name in changed]
        return files.replace_files(str(self.etc), changes, Keep(str(self.backups), str(self.etc), "for a test"))

    def kept(self):
        """The names in the folder of the backups, which must all be backups."""
        names = sorted(os.listdir(self.backups)) if self.backups.exists() else []
        assert [backup.id for backup in backups.listed(str(self.backups))[0]] == names
        return names

    def content(self):
        return {name: (self.etc / name).read_bytes() if (self.etc / name).exists() else None for name in OLD}

    def read_ahead(self):
        """What a plan made in check mode sees, without recovering."""
        return {name: files.read(str(self.etc / name), str(self.etc)) for name in OLD}

    def traces(self):
        return [path.name for path in self.etc.iterdir() if path.name.startswith(".")]


def calls_of_a_whole_run(root, interrupter):
    case = Case(root)
    with interrupter.armed(0):
        case.replace()
        return interrupter.count


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_call_leaves_the_old_or_the_new_set_whole(tmp_path, interrupter, after):
    total = calls_of_a_whole_run(tmp_path / "whole", interrupter)
    assert total > 30
    seen = []
    for at in range(1, total + 1):
        case = Case(tmp_path / str(at))
        with pytest.raises(Crash), interrupter.armed(at, after):
            case.replace()
        for name, content in case.content().items():
            assert content in (OLD[name], NEW[name]), f"{name} is torn after call {at}"
        foreseen = case.read_ahead()
        files.recover(str(case.etc))
        assert case.content() == foreseen, f"check mode saw something else after call {at}"
        assert foreseen in (OLD, NEW), f"a mixture after call {at}"
        assert case.traces() == []
        assert len(case.kept()) == (1 if foreseen == NEW else 0), f"another backup than change after call {at}"
        seen.append(foreseen)
    # The commit is one instant: everything before it leaves the old set, everything after it the new one.
    switch = seen.index(NEW)
    assert 0 < switch < total
    assert all(state == NEW for state in seen[switch:])


def test_a_crash_while_recovering_from_a_crash_is_recovered_from(tmp_path, interrupter):
    total = calls_of_a_whole_run(tmp_path / "whole", interrupter)
    again = 0
    for at in range(1, total + 1):
        second = 1
        while True:
            case = Case(tmp_path / f"{at}-{second}")
            with pytest.raises(Crash), interrupter.armed(at):
                case.replace()
            foreseen = case.read_ahead()
            try:
                with interrupter.armed(second):
                    files.recover(str(case.etc))
            except Crash:
                again += 1
            else:
                break
            assert case.read_ahead() == foreseen
            files.recover(str(case.etc))
            assert case.content() == foreseen
            assert case.traces() == []
            second += 1
    assert again > total


def test_the_next_run_completes_what_a_crash_interrupted_and_does_its_own_work(tmp_path, interrupter):
    total = calls_of_a_whole_run(tmp_path / "whole", interrupter)
    for at in range(1, total + 1):
        case = Case(tmp_path / str(at))
        with pytest.raises(Crash), interrupter.armed(at):
            case.replace()
        files.replace_files(str(case.etc), [FileChange(str(case.etc / "keep.cf"), b"later")])
        content = case.content()
        assert content.pop("keep.cf") == b"later"
        assert content in ({**OLD, "keep.cf": None}, NEW) or content in (
            {name: value for name, value in state.items() if name != "keep.cf"} for state in (OLD, NEW)
        )
        assert case.traces() == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_an_error_at_any_call_is_clear_and_changes_nothing_or_is_completed_later(tmp_path, interrupter, number):
    total = calls_of_a_whole_run(tmp_path / "whole", interrupter)
    outcomes = set()
    for at in range(1, total + 1):
        case = Case(tmp_path / str(at))
        before = tree(case.etc)
        try:
            with interrupter.armed(at, error=OSError(number, os.strerror(number))):
                case.replace()
        except Error as error:
            assert os.strerror(number) in error.message
            if "nothing was changed" in error.message:
                outcomes.add("unchanged")
                assert tree(case.etc) == before
                assert not case.backups.exists() or list(case.backups.iterdir()) == []
            else:
                outcomes.add("committed")
                assert "the next run completes it" in error.message
                files.recover(str(case.etc))
                assert case.content() == NEW
        else:
            # A folder that is there already need not be made: that error alone does not matter.
            assert case.content() == NEW, f"call {at} failed and nobody said so"
    assert outcomes == {"unchanged", "committed"}


def test_recovering_where_nothing_happened_does_nothing(etc):
    before = tree(etc)
    assert files.recover(str(etc)) is False
    assert files.pending(str(etc)) == {}
    assert tree(etc) == before


def test_the_same_change_again_after_a_crash_has_one_backup(tmp_path, interrupter):
    total = calls_of_a_whole_run(tmp_path / "whole", interrupter)
    for at in range(1, total + 1, 3):
        case = Case(tmp_path / str(at))
        with pytest.raises(Crash), interrupter.armed(at):
            case.replace()
        case.replace()
        assert case.content() == NEW
        (backup,) = backups.listed(str(case.backups))[0]
        olds = [backups.content_of(backup, file) for file in backup.files if file.name is not None]
        assert sorted(olds) == [b"old main", b"old master"]
