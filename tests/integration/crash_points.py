# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kill a packed module with SIGKILL at every step that changes a file, and see what is left.

Runs as root on a host where the scenario ``crash`` has left packed modules and a copy of the configuration from before:

    crash_points.py kill MODULE       at each step in turn; JSON with the number of steps and the states that were seen
    crash_points.py fault NAME        full, read_only, immutable or mounted
    crash_points.py two               two runs at once, and one that is killed while the other waits

How a kill works: the interpreter of the module loads :func:`watch` as its ``sitecustomize``. At the first event that
is about to change a file below the watched folders, it forks a child for each step; child number N goes on, and kills
itself right before the N-th event. Between two children the parent has the state judged and put back. So planning,
which changes nothing, runs once, and every kill is a real one of the real module at the real files.

A file that is written becomes one event, its opening. Nobody reads it before it is renamed, so what is in it when the
module dies does not matter; that half of it may be there is the business of ``fault full``.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import itertools
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator

WATCHED = ("/etc/postfix", "/etc/dovecot", "/etc/aliases", "/etc/.postfix_manager", "/var/backups/postfix_manager")
BACKUPS = "/var/backups/postfix_manager"
OLD = "/var/tmp/before"
MEMORY = "/var/tmp/crash-states.json"
EVENTS = ("open", "os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.link", "os.chmod", "os.chown")
TRACE = ".postfix_manager"

# What a module changes: path to whether a daemon reads it. The rest of the configuration stays.
MODULES = {
    "postfix_config": {
        "/etc/postfix/main.cf": True,
        "/etc/postfix/master.cf": True,
        "/etc/postfix/a/one.cf": True,
        "/etc/postfix/a/b/two.cf": True,
        "/etc/postfix/gone.cf": True,
    },
    "dovecot_config": {"/etc/dovecot/dovecot.conf": True, "/etc/dovecot/extra/note.txt": True},
    "postfix_aliases": {"/etc/aliases": True, "/etc/aliases.db": True},
}


# --- inside the module -----------------------------------------------------------------------------------------------


class Watch:
    """The audit hook of the module's interpreter."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.busy = False
        self.count = 0
        self.at = 0

    def __call__(self, event: str, args: tuple) -> None:
        if self.busy or event not in EVENTS or not _changes_a_watched_file(event, args):
            return
        self.busy = True
        try:
            self.count += 1
            if self.mode == "stop":
                if event == "os.rename" and str(args[0]).startswith("/etc/postfix/.postfix_manager.committed/"):
                    self.mode = ""
                    os.kill(os.getpid(), signal.SIGSTOP)
            elif not self.at:
                self.explore()
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            self.busy = False

    def explore(self) -> None:
        for number in itertools.count(1):
            child = os.fork()
            if child == 0:
                self.at = number
                return
            _pid, status = os.waitpid(child, 0)
            _release_locks()
            killed = os.WIFSIGNALED(status)
            judge = [sys.executable, __file__, "judge", self.mode, str(number), "killed" if killed else "ended"]
            environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
            judged = subprocess.run(judge, capture_output=True, text=True, check=False, env=environment)
            if judged.returncode != 0 or not killed:
                sys.stderr.write(f"{judged.stdout}{judged.stderr}")
                sys.stderr.flush()
                os._exit(judged.returncode)


def _changes_a_watched_file(event: str, args: tuple) -> bool:
    if event == "open" and not (isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)):
        return False
    path = args[0]
    if isinstance(path, int):
        path = os.readlink(f"/proc/self/fd/{path}")
    path = os.fsdecode(path)
    folder = args[-1] if event in ("os.remove", "os.rmdir") else -1
    if folder not in (-1, None):
        path = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path)
    return path.startswith(WATCHED)


def _release_locks() -> None:
    """A killed process loses its lock. The children share that of the parent, which therefore gives it up for them."""
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            if os.path.isdir(f"/proc/self/fd/{name}"):
                fcntl.flock(int(name), fcntl.LOCK_UN)


# --- the host --------------------------------------------------------------------------------------------------------


def packed(module: str) -> str:
    """The last call of a module that Ansible made."""
    return max(glob.glob(f"{os.path.expanduser('~')}/.ansible/tmp/*/AnsiballZ_{module}.py"), key=os.path.getmtime)


def run(module: str, watch: str = "", background: bool = False):
    """Run the packed module as Ansible does; with ``watch`` under the hook."""
    environment = dict(os.environ)
    if watch:
        folder = "/var/tmp/crash-hook"
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/sitecustomize.py", "w", encoding="utf-8") as handle:
            here = os.path.dirname(os.path.abspath(__file__))
            handle.write(f"import sys\nsys.path.append({here!r})\nimport crash_points\ncrash_points.watch({watch!r})\n")
        environment["PYTHONPATH"] = folder
    process = subprocess.Popen(
        [sys.executable, packed(module)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    if background:
        return process
    return finished(process)


def finished(process: subprocess.Popen) -> dict:
    stdout, stderr = process.communicate(timeout=300)
    try:
        return json.loads(stdout)
    except ValueError:
        return {"failed": True, "msg": f"ended with {process.returncode}: {stdout}{stderr}"}


def watch(mode: str) -> None:
    sys.addaudithook(Watch(mode))


def restore() -> None:
    """Everything as before the changes, and no backup."""
    for folder in ("/etc/postfix", "/etc/dovecot"):
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            else:
                os.unlink(path)
        subprocess.run(["cp", "-a", f"{OLD}/{os.path.basename(folder)}/.", folder], check=True)
    for name in ("aliases", "aliases.db"):
        subprocess.run(["cp", "-a", f"{OLD}/{name}", f"/etc/{name}"], check=True)
    for path in glob.glob("/etc/.postfix_manager*"):
        shutil.rmtree(path)
    shutil.rmtree(BACKUPS, ignore_errors=True)


def content(path: str):
    """What a reader of a file sees, with owner and mode; an index by what it holds."""
    if not os.path.exists(path):
        return None
    status = os.stat(path)
    if path.endswith(".db"):
        dumped = subprocess.run(["postalias", "-s", path[:-3]], capture_output=True, text=True, check=True).stdout
        text = "".join(sorted(line for line in dumped.splitlines(keepends=True) if not line.startswith(("@", "YP_"))))
    else:
        with open(path, encoding="utf-8", errors="surrogateescape") as handle:
            text = handle.read()
    return [text, status.st_uid, status.st_gid, oct(status.st_mode)]


def contents(module: str) -> dict:
    return {path: content(path) for path in MODULES[module]}


def debris() -> list[str]:
    """What should not be there between two runs."""
    found = [path for folder in ("/etc", "/etc/postfix", "/etc/dovecot") for path in glob.glob(f"{folder}/{TRACE}*")]
    kept = glob.glob(f"{BACKUPS}/*") + glob.glob(f"{BACKUPS}/.*")
    found += [path for path in kept if not os.path.exists(f"{path}/manifest.json")]
    return found


def greets(port: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            if connection.recv(4) in (b"220 ", b"* OK"):
                return True
        time.sleep(0.1)
    return False


def daemon_works(module: str) -> bool:
    """The daemon itself, started with what is there now."""
    if module == "postfix_aliases":
        return all(
            subprocess.run(["postalias", "-q", name, "/etc/aliases"], capture_output=True, check=False).returncode == 0
            for name in ("postmaster",)
        )
    unit, port, check = {
        "postfix_config": ("postfix", 25, ["postfix", "check"]),
        "dovecot_config": ("dovecot", 143, ["doveconf", "-n"]),
    }[module]
    checked = subprocess.run(check, capture_output=True, check=False).returncode == 0
    return checked and subprocess.run(["systemctl", "restart", unit], check=False).returncode == 0 and greets(port)


# --- the commands ----------------------------------------------------------------------------------------------------


def kill(module: str) -> None:
    restore()
    old = contents(module)
    done = run(module)
    assert done.get("changed") is True, done
    new = contents(module)
    restore()
    with open(MEMORY, "w", encoding="utf-8") as handle:
        json.dump({"old": old, "new": new, "steps": 0, "states": {}}, handle)
    said = run(module, watch=module)
    with open(MEMORY, encoding="utf-8") as handle:
        memory = json.load(handle)
    assert memory.get("ended"), said
    print(json.dumps({"steps": memory["steps"], "states": memory["states"]}))


def judge(module: str, number: str, how: str) -> None:
    """What a kill left, and whether the next run makes it whole."""
    with open(MEMORY, encoding="utf-8") as handle:
        memory = json.load(handle)
    old, new, live = memory["old"], memory["new"], contents(module)
    place = f"{module} {how} at step {number}"
    torn = [path for path in live if live[path] not in (old[path], new[path])]
    assert not torn, f"{place}: {torn} is neither old nor new: {[live[path] for path in torn]}"
    state = "".join("n" if live[path] == new[path] else "o" for path in live)
    if state not in memory["states"]:
        assert daemon_works(module), f"{place}: the daemon does not work with {state}"
    memory["states"][state] = memory["states"].get(state, 0) + 1
    if how == "ended":
        memory["ended"] = True
    else:
        memory["steps"] = int(number)
        done = run(module)
        assert not done.get("failed"), f"{place}: the next run failed: {done}"
    assert contents(module) == new, f"{place}: the next run left something else"
    assert debris() == [], f"{place}: {debris()} is left"
    assert len(os.listdir(BACKUPS)) == 1, f"{place}: {os.listdir(BACKUPS)}"
    if int(number) % 8 == 0:
        again = run(module)
        assert again.get("changed") is False, f"{place}: a second run changes something: {again}"
    restore()
    with open(MEMORY, "w", encoding="utf-8") as handle:
        json.dump(memory, handle)


@contextlib.contextmanager
def small_disk() -> Iterator[None]:
    """The configuration of Postfix on a file system of its own, on which nearly nothing is free."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "none", "/etc/postfix"], check=True)
    try:
        subprocess.run(["cp", "-a", f"{OLD}/postfix/.", "/etc/postfix"], check=True)
        yield
    finally:
        subprocess.run(["umount", "/etc/postfix"], check=True)


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def fill(path: str) -> None:
    """Write until nothing is free."""
    with contextlib.suppress(OSError), open(path, "wb", buffering=0) as handle:
        while handle.write(bytes(4096)):
            pass


def set_immutable(path: str, wanted: bool) -> None:
    """As chattr(1) does, which is not installed everywhere."""
    get_flags, set_flags, immutable = 0x80086601, 0x40086602, 0x10
    with open(path, "rb") as handle:
        (flags,) = struct.unpack("l", fcntl.ioctl(handle, get_flags, struct.pack("l", 0)))
        fcntl.ioctl(handle, set_flags, struct.pack("l", flags | immutable if wanted else flags & ~immutable))


def fault(name: str) -> None:
    """A run that cannot do its work says why, changes nothing and leaves nothing; without the fault it does it."""
    restore()
    main = "/etc/postfix/main.cf"
    break_it, mend_it = {
        "full": (lambda: fill("/etc/postfix/filler"), lambda: os.unlink("/etc/postfix/filler")),
        "read_only": (
            lambda: mount("-o", "remount,ro", "/etc/postfix"),
            lambda: mount("-o", "remount,rw", "/etc/postfix"),
        ),
        "immutable": (lambda: set_immutable(main, True), lambda: set_immutable(main, False)),
        "mounted": (lambda: mount("--bind", main, main), lambda: subprocess.run(["umount", main], check=True)),
    }[name]
    with small_disk() if name in ("full", "read_only") else contextlib.nullcontext():
        old = contents("postfix_config")
        break_it()
        try:
            done = run("postfix_config")
        finally:
            mend_it()
        assert done.get("failed") is True, done
        assert contents("postfix_config") == old, done["msg"]
        assert debris() == [], debris()
        assert glob.glob(f"{BACKUPS}/*") == []
        after = run("postfix_config")
        assert after.get("changed") is True, after
        assert debris() == [], debris()
    print(json.dumps({"said": done["msg"]}))


def two() -> None:
    """One run stops in the middle of its renames. Another waits for it, whether it goes on or is killed."""
    answers = {}
    for name, fate in (("goes on", signal.SIGCONT), ("is killed", signal.SIGKILL)):
        restore()
        new = None
        first = run("postfix_config", watch="stop", background=True)
        while _state_of(first) != "T":
            assert first.poll() is None, finished(first)
            time.sleep(0.05)
        second = run("postfix_config", background=True)
        time.sleep(3)
        assert second.poll() is None, "the second run did not wait"
        first.send_signal(fate)
        done = finished(second)
        assert not done.get("failed"), done
        answers[name] = done["changed"]
        new = new or contents("postfix_config")
        assert debris() == [], debris()
        assert new["/etc/postfix/a/one.cf"] is not None
        assert len(os.listdir(BACKUPS)) == 1
        first.wait(timeout=60)
        first.communicate()
    print(json.dumps(answers))


def _state_of(process: subprocess.Popen) -> str:
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as handle:
        return handle.read().rpartition(")")[2].split()[0]


if __name__ == "__main__":
    {"kill": kill, "judge": judge, "fault": fault, "two": two}[sys.argv[1]](*sys.argv[2:])
