# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Staging: what the tools get to see, and what becomes of what they say."""

import os
import socket
import time
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.commands import Result
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix import staging_host
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.request import Request

DEFAULTS = """biff = yes
daemon_directory = %s
inet_interfaces = all
inet_protocols = all
known_tcp_ports = smtp=25
queue_directory = %s
smtpd_relay_restrictions = reject
"""


class Tools:
    """Stand-ins for Postfix's tools: they look at the staged files and say what a test wants them to say."""

    def __init__(self, folder):
        self.folder = folder
        self.says = {}
        self.log = ""
        self.calls = []
        self.seen = {}

    def run(self, argv, accept=(0,), **_options):
        name = " ".join(word for word in argv if not word.startswith("/") and word != "-c")
        self.calls.append(name)
        if "-c" in argv:
            place = Path(argv[argv.index("-c") + 1])
            self.seen[name] = {
                path.relative_to(place).as_posix(): path.read_text() for path in place.rglob("*") if path.is_file()
            }
            self.seen[f"{name} place"] = place
            self.seen[f"{name} age"] = time.time() - (place / "main.cf").stat().st_mtime
        if name == "postfix check" and self.log:
            (place.parent / "log").write_text(self.log)
        rc, stderr = self.says.get(name, (0, ""))
        stdout = {
            "postconf -d": DEFAULTS % (self.folder / "sbin", self.folder),
            "postconf -m": "hash\nsqlite\nstatic\n",
        }.get(name, "")
        return Result(argv, rc, stdout, stderr.replace("STAGED", str(self.seen.get(f"{name} place"))), 0.0)


@pytest.fixture
def tools(tmp_path, monkeypatch):
    for name in ("sbin/smtpd", "etc/dynamicmaps.cf", "etc/sqlite/other.cf", "etc/.hidden/x"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}\n")
        path.chmod(0o755)
    made = Tools(tmp_path)
    monkeypatch.setattr(staging_host.commands, "run", made.run)
    return made


def findings(tools, main="biff = no\n", master="smtp inet n - y - - smtpd\n", live=None, **more):
    request = Request(str(tools.folder / "etc"))
    texts = {"main.cf": main, "master.cf": master, **more}
    return [str(found) for found in staging_host.findings_of(request, texts, master if live is None else live)]


def test_the_tools_see_the_new_files_beside_the_present_ones(tools):
    assert findings(tools, **{"sqlite/new.cf": "dbpath = /x\n", "ldap/deep/new.cf": "a = b\n", "gone.cf": None}) == []
    assert tools.calls == ["postconf -d", "postconf -x", "postmap -q x static:x", "postfix check", "postconf -m"]
    assert tools.seen["postconf -x"] == {
        "main.cf": "biff = no\n",
        "master.cf": "smtp inet n - y - - smtpd\n",
        "dynamicmaps.cf": "content of etc/dynamicmaps.cf\n",
        "sqlite/other.cf": "content of etc/sqlite/other.cf\n",
        "sqlite/new.cf": "dbpath = /x\n",
        "ldap/deep/new.cf": "a = b\n",
    }


def test_nothing_stays_behind(tools):
    before = sorted(path.as_posix() for path in tools.folder.rglob("*"))
    findings(tools)
    assert sorted(path.as_posix() for path in tools.folder.rglob("*")) == before
    assert not tools.seen["postconf -x place"].exists()


def test_the_staged_files_look_settled(tools):
    findings(tools)
    assert tools.seen["postconf -x age"] > 30
    assert tools.seen["postfix check age"] > 30


def test_postfix_check_gets_a_queue_and_a_log_of_its_own(tools):
    findings(tools, main="queue_directory = /var/spool/postfix\nmulti_instance_enable = yes\n")
    seen, folder = tools.seen["postfix check"], tools.seen["postfix check place"].parent
    assert seen["main.cf"].splitlines() == [
        f"queue_directory = {folder}/spool",
        "multi_instance_enable = no",
        f"data_directory = {folder}/spool/data",
        f"maillog_file = {folder}/log",
        f"maillog_file_prefixes = {folder}",
        "multi_instance_wrapper =",
        "multi_instance_directories =",
    ]
    assert "postlog unix-dgram" in seen["master.cf"]


def test_a_log_that_somebody_asked_for_needs_its_service(tools):
    findings(tools, main="maillog_file = /var/log/postfix.log\n")
    assert "postlog" not in tools.seen["postfix check"]["master.cf"]


def test_bytes_that_are_not_utf8_are_staged(tools, monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda path: path.read_bytes())
    findings(tools, main="mail_name = caf\udce9\n")
    assert tools.seen["postconf -x"]["main.cf"] == b"mail_name = caf\xe9\n"


def test_messages_are_about_the_place_to_be(tools):
    tools.says["postconf -x"] = (0, "postconf: warning: STAGED/main.cf: something odd\n")
    (found,) = findings(tools)
    assert f"{tools.folder}/etc/main.cf: something odd" in found


def test_when_the_tools_refuse_postfix_check_is_not_asked(tools):
    tools.says["postconf -x"] = (1, "postconf: warning: first\npostconf: fatal: second\n")
    assert [found.partition(";")[0] for found in findings(tools)] == ["Postfix says: first", "Postfix says: second"]
    assert "postfix check" not in tools.calls


@pytest.mark.parametrize(
    ("stderr", "log", "reason"),
    [
        ("postfix: fatal: chdir(/x): none\npostfix/postlog: warning: not owned by root: /y\n", "", "chdir(/x): none"),
        ("", "Nov 23 09:26:18 mx12 postfix[17475]: fatal: chdir(/x): none\n", "chdir(/x): none"),
        ("", "", "postfix check ended with 1 and did not say why"),
    ],
)
def test_the_reasons_of_postfix_check_are_found(tools, stderr, log, reason):
    tools.says["postfix check"], tools.log = (1, stderr), log
    assert [found.partition(";")[0] for found in findings(tools)] == [f"Postfix says: {reason}"]


def test_daemons_and_directories_are_looked_for(tools):
    found = findings(
        tools, main="queue_directory = /nosuch\n", master="smtp inet n - y - - smtpd\na unix - - n - - b\n"
    )
    assert len(found) == 2
    assert "a/unix: runs b" in found[0]
    assert "queue_directory = /nosuch" in found[1]


def test_a_daemon_directory_that_is_not_there_is_left_to_postfix(tools):
    assert findings(tools, main="daemon_directory = /nosuch\n") == []


def listener(tools, name, live=""):
    master = f"{name} inet n - y - - smtpd\n"
    return findings(tools, main="inet_interfaces = loopback-only\n", master=master, live=live)


@pytest.fixture
def port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nosuchport", "has the port nosuchport"),
        ("99999", "has the port 99999"),
        ("192.0.2.1:2525", "has the address 192.0.2.1"),
        ("12345:2525", "has the address 0.0.48.57"),
    ],
)
def test_listeners_that_postfix_stops_at(tools, name, said):
    (found,) = listener(tools, name)
    assert said in found


def test_a_host_without_an_address(tools, monkeypatch):
    def fail(*_args, **_options):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    (found,) = listener(tools, "mail.example.test:2525")
    assert "cannot be resolved" in found


def test_a_port_that_somebody_else_has(tools, port):
    (found,) = listener(tools, str(port))
    assert f"has the port {port}, which another process has" in found


def test_a_port_that_postfix_has_itself(tools, port):
    assert listener(tools, str(port), live=f"{port} inet n - y - - smtpd\n") == []
    assert listener(tools, str(port), live=f"127.0.0.1:{port} inet n - y - - smtpd\n") == []


def test_free_ports(tools, port):
    free = port
    while free == port:
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            free = server.getsockname()[1]
    assert listener(tools, str(free)) == []
    assert listener(tools, f"[127.0.0.1]:{free}") == []
    assert os.path.isdir(tools.folder)
