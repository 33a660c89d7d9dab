# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A host in use is backed up; what is lost comes back, by the commands of docs/backup.md.

Both hosts go through it at once, in the order of this file: each test goes on where the one before it ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import subprocess
import threading
from collections.abc import Iterator

import pytest
from clients import MailServer, message
from pictures import PASSWORDS, Picture, fill, headers, picture, put

ROOT = pathlib.Path(os.environ["TESTBED_ROOT"])
PLATFORMS = {"debian12": "12", "debian13": "13"}
ALICE, BOB, CAROL = PASSWORDS
MANY = 1000
PROBE = "postfix-manager-probe@example.test"


class Host:
    """A container, with the means to look at it, to break it and to build it anew."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.network = f"{os.environ['TESTBED_PREFIX']}-{os.environ['MOLECULE_SCENARIO_NAME']}"
        self.container = f"{self.network}-{platform}"

    @property
    def server(self) -> MailServer:
        argv = [ROOT / "tools/container", "address", self.container]
        address = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
        return MailServer(address, "mail.example.test", self.sh("cat /etc/ssl/postfix_manager/mail.pem"))

    def sh(self, script: str, stdin: bytes = b"") -> str:
        return self.raw(script, stdin).decode()

    def raw(self, script: str, stdin: bytes = b"") -> bytes:
        argv = ["podman", "exec", "-i", self.container, "sh", "-euc", script]
        return subprocess.run(argv, input=stdin, capture_output=True, check=True).stdout

    def destroy_and_begin_anew(self) -> None:
        """All that is left of the host is its repository."""
        repository = self.raw("tar -C /srv -cf - backup")
        subprocess.run(["podman", "rm", "-f", "-t", "0", self.container], capture_output=True, check=True)
        image = f"localhost/pmm-debian-warm:{PLATFORMS[self.platform]}"
        hostname = f"mx{PLATFORMS[self.platform]}.example.test"
        argv = [ROOT / "tools/container", "start", self.network, self.container, hostname, image]
        subprocess.run(argv, capture_output=True, check=True)
        self.raw("tar -C /srv -xf -", repository)

    def pictures(self) -> dict[str, Picture]:
        server = self.server
        return {user: picture(server, user) for user in PASSWORDS}

    def files(self) -> str:
        """Everything in the mail directory that a restore could touch."""
        return self.sh("cd /var/vmail && find */ -printf '%p %s %T@\\n' | grep -v dovecot.index | sort")


class Played:
    """What a run of a playbook said: by host, whether it changed something, its message, and the result at its end."""

    def __init__(self, output: str, code: int) -> None:
        self.output, self.code = output, code
        recap = re.findall(r"^(debian\d+) +: ok=\d+ +changed=(\d+) +unreachable=0 +failed=(\d+)", output, re.MULTILINE)
        self.changed = {host: int(changed) > 0 for host, changed, _failed in recap}
        self.failed = {host for host, _changed, failed in recap if int(failed)}
        said = re.findall(r"^fatal: \[(\w+)\]: FAILED! => (\{.*\})$", output, re.MULTILINE)
        self.errors = {host: json.loads(text)["msg"] for host, text in said}
        shown = re.findall(r"^ok: \[(\w+)\] => (\{.*?^\})$", output, re.MULTILINE | re.DOTALL)
        self.results = {host: json.loads(text)["msg"] for host, text in shown}


def play(name: str, *options: str, **variables: object) -> Played:
    """Run a playbook of the collection on both hosts, as its guide says."""
    return play_file(f"postfix_manager.mail.{name}", *options, **variables)


def play_file(playbook: object, *options: str, **variables: object) -> Played:
    environment = {**os.environ, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_FORCE_COLOR": "0"}
    environment["ANSIBLE_CONFIG"] = f"{os.environ['MOLECULE_EPHEMERAL_DIRECTORY']}/ansible.cfg"
    argv = ["ansible-playbook", str(playbook), "-i", os.environ["MOLECULE_INVENTORY_FILE"], *options]
    argv += ["-e", json.dumps(variables)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    print(done.stdout, done.stderr)
    return Played(f"{done.stdout}\n{done.stderr}", done.returncode)


def restored(name: str, **variables: object) -> Played:
    """A restore that a check announces."""
    announced, done = play(name, "--check", "--diff", **variables), play(name, **variables)
    assert (announced.code, done.code) == (0, 0)
    assert announced.changed == done.changed == dict.fromkeys(PLATFORMS, True)
    for host in PLATFORMS:
        assert announced.results[host] == {key: value for key, value in done.results[host].items() if key != "seconds"}
    return done


def refused(name: str, says: str, *options: str, **variables: object) -> None:
    done = play(name, *options, **variables)
    assert done.failed == set(PLATFORMS)
    assert all(re.search(says, error) for error in done.errors.values()), done.errors


@contextlib.contextmanager
def at_work(host: Host) -> Iterator[list[str]]:
    """Mail comes, flags change and messages move as fast as they can; yields the subjects that came."""
    over, came, server = threading.Event(), [], host.server

    def work() -> None:
        with server.imap(ALICE, PASSWORDS[ALICE]) as session:
            session.select("INBOX")
            while not over.is_set():
                subject = f"under load {len(came)}"
                put(session, "INBOX", subject, r"\Seen" if len(came) % 2 else "")
                came.append(subject)
                session.noop()
                newest = session.untagged_responses.get("EXISTS", [b"1"])[-1].decode()
                session.store(newest, "+FLAGS", "Work")
                session.store(f"1:{newest}", "+FLAGS" if len(came) % 2 else "-FLAGS", r"\Flagged")
                if len(came) % 3 == 0:
                    session.copy(newest, '"Left"')
                    session.store(newest, "+FLAGS", r"\Deleted")
                    session.expunge()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield came
    finally:
        over.set()
        thread.join()


def subjects(host: Host) -> list[str]:
    """The subjects of all messages of Alice in the latest snapshot."""
    said = host.sh(
        "export RESTIC_PASSWORD_FILE=/etc/postfix_manager/backup/password RESTIC_REPOSITORY=/srv/backup; "
        "rm -rf /srv/look; restic -q restore --no-lock --target /srv/look latest >/dev/null; "
        "cd /srv/look/var/vmail/.postfix_manager/backup/mail/example.test/alice; "
        "grep -rhoE '^Subject: (under load|number) [0-9]+' ."
    )
    return [line.partition(": ")[2] for line in said.splitlines()]


@pytest.fixture(scope="module")
def hosts() -> dict[str, Host]:
    return {name: Host(name) for name in PLATFORMS}


@pytest.fixture(scope="module")
def filled(hosts) -> dict[str, dict[str, Picture]]:
    """What each host shows when its mailboxes are full and backed up."""
    for host in hosts.values():
        fill(host.server, ALICE, 40)
        fill(host.server, BOB, MANY)
        fill(host.server, CAROL, 10)
    before = {name: host.pictures() for name, host in hosts.items()}
    done = play("backup", "-e", "backup_verify=true")
    assert done.code == 0
    return before


def test_a_backup_leaves_its_status_and_can_be_verified(hosts, filled):
    for host in hosts.values():
        for job in ("backup", "backup_verify"):
            status = json.loads(host.sh(f"cat /var/lib/postfix_manager/status/{job}.json"))
            assert status["success"], status
            assert status["last_success"] == status["finished"]
        assert "messages compared" in status["message"]
        assert host.sh(
            "systemctl is-active postfix-manager-backup.timer postfix-manager-backup-verify.timer"
        ).split() == [
            "active",
            "active",
        ]
        assert "backup-test-password" not in host.sh("journalctl --no-pager; systemctl show '*'")
        assert host.sh("stat -c %a /etc/postfix_manager/backup/* /etc/postfix_manager/backup").split() == [
            "600"
        ] * 3 + ["700"]
        assert host.sh("ls -A /var/vmail/.postfix_manager") == ""


def test_a_backup_under_load_misses_nothing(hosts, filled):
    with contextlib.ExitStack() as stack:
        came = {name: stack.enter_context(at_work(host)) for name, host in hosts.items()}
        for _look in range(600):
            if min(map(len, came.values())) >= 10:
                break
            threading.Event().wait(0.1)
        before = {name: list(subjects) for name, subjects in came.items()}
        assert play("backup").code == 0
        after = {name: len(subjects) for name, subjects in came.items()}
    for name, host in hosts.items():
        saved = subjects(host)
        wanted = {*before[name], *(f"number {number}" for number in range(40))}
        assert wanted <= set(saved), wanted - set(saved)
        assert after[name] > len(before[name]), "nothing came during the backup"
    assert play("backup").code == 0
    for name, host in hosts.items():
        saved = subjects(host)
        assert sorted(saved) == sorted([*came[name], *(f"number {number}" for number in range(40))])


def test_one_message_comes_back_beside_newer_ones(hosts, filled):
    before = {name: picture(host.server, CAROL) for name, host in hosts.items()}
    for host in hosts.values():
        with host.server.imap(CAROL, PASSWORDS[CAROL]) as session:
            session.select("INBOX")
            (numbers,) = session.search(None, "HEADER", "Message-ID", "number-2@example.net")[1]
            session.store(numbers, "+FLAGS", r"\Deleted")
            session.expunge()
            put(session, "INBOX", "newer")
    wanted = {"message_id": "<number-2@example.net>"}
    done = restored("restore_message", restore_mailbox=CAROL, restore_message=wanted)
    for name, host in hosts.items():
        now = picture(host.server, CAROL)
        assert set(before[name].contents()) < set(now.contents())
        assert len(now.messages) == len(before[name].messages) + 1
        assert done.results[name]["mailboxes"][CAROL]["restored"] == 1


def test_newer_mail_is_refused_or_merged(hosts, filled):
    for host in hosts.values():
        with host.server.imap(CAROL, PASSWORDS[CAROL]) as session:
            session.select('"Projects/2026 [new]"')
            session.store("1:*", "+FLAGS", r"\Deleted")
            session.expunge()
    before = {name: host.files() for name, host in hosts.items()}
    refused(
        "restore_domain", r"newer: .*\n- carol@second.test: 1 messages, such as INBOX/", restore_domain="second.test"
    )
    assert {name: host.files() for name, host in hosts.items()} == before
    restored("restore_domain", restore_domain="second.test", restore_newer="merge")
    for name, host in hosts.items():
        found = picture(host.server, CAROL).contents()
        assert set(filled[name][CAROL].contents()) < set(found)
        assert len(found) == len(filled[name][CAROL].messages) + 1


def test_a_mailbox_that_is_gone_comes_back_as_it_was(hosts, filled):
    for host in hosts.values():
        host.sh("rm -r /var/vmail/example.test/bob")
    done = restored("restore_mailbox", restore_mailbox=BOB)
    seconds = {name: done.results[name]["seconds"] for name in hosts}
    figures = {"messages": MANY, "seconds": seconds}
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build/backup.json").write_text(json.dumps(figures) + "\n")
    for name, host in hosts.items():
        assert done.results[name]["mailboxes"][BOB]["restored"] == MANY
        assert picture(host.server, BOB) == filled[name][BOB]


def test_an_interrupted_restore_is_completed(hosts, filled):
    """One message cannot be put into its place, half way: what is there stays, and the same call does the rest."""
    for host in hosts.values():
        host.sh(
            "cd /var/vmail/example.test/bob; ls Maildir/cur | sort | sed -n 500p > /srv/blocked; rm -r Maildir; "
            'mkdir -p "Maildir/cur/$(cat /srv/blocked)/in-the-way"; chown -R vmail:vmail Maildir'
        )
    says = "Is a directory; what came back before it stays, run again when that is put right"
    refused("restore_mailbox", says, restore_mailbox=BOB)
    for host in hosts.values():
        assert 0 < int(host.sh("ls /var/vmail/example.test/bob/Maildir/cur | wc -l")) < MANY
        host.sh('rm -r "/var/vmail/example.test/bob/Maildir/cur/$(cat /srv/blocked)"')
    assert play("restore_mailbox", restore_mailbox=BOB).changed == dict.fromkeys(PLATFORMS, True)
    for name, host in hosts.items():
        assert picture(host.server, BOB) == filled[name][BOB]


def test_a_wrong_password_is_an_error_before_anything_is_touched(hosts, filled):
    before = {name: host.files() for name, host in hosts.items()}
    says = "/srv/backup: the password is wrong, nothing on this host was changed"
    for host in hosts.values():
        host.sh("cd /etc/postfix_manager/backup; cp -p password /srv/password; echo another-password > password")
    refused("restore_mailbox", says, restore_mailbox=BOB, restore_newer="merge")
    refused("restore_host", says, "--check")
    for host in hosts.values():
        failed = host.sh("postfix-manager-backup run 2>&1 || cat /var/lib/postfix_manager/status/backup.json")
        assert "the password is wrong" in failed
        assert json.loads(failed.splitlines()[-1])["success"] is False
        host.sh("cp -p /srv/password /etc/postfix_manager/backup/password")
    assert {name: host.files() for name, host in hosts.items()} == before


def test_a_damaged_pack_is_an_error_before_anything_is_touched(hosts, filled):
    for host in hosts.values():
        host.sh(
            "rm -r /var/vmail/example.test/bob; cp -a /srv/backup /srv/whole; "
            "for pack in $(find /srv/backup/data -type f); do chmod u+w $pack; "
            "head -c $(($(stat -c %s $pack) / 2)) /dev/urandom | dd of=$pack conv=notrunc status=none; done"
        )
    before = {name: host.files() for name, host in hosts.items()}
    refused("restore_mailbox", "its data is damaged, nothing on this host was changed", restore_mailbox=BOB)
    assert {name: host.files() for name, host in hosts.items()} == before
    for host in hosts.values():
        host.sh("rm -r /srv/backup; mv /srv/whole /srv/backup")
    assert play("restore_mailbox", restore_mailbox=BOB).code == 0


@pytest.fixture(scope="module")
def rebuilt(hosts, filled) -> dict[str, dict[str, Picture]]:
    """The hosts are gone, and others built by the inventory; returns what the old ones showed."""
    for host in hosts.values():
        queued = message(ALICE, "somebody@nowhere.test", "waits")
        host.sh(
            f"postconf -e defer_transports=smtp; postfix reload; sendmail -f {ALICE} somebody@nowhere.test",
            queued.encode(),
        )
    assert play("backup").code == 0
    before = {name: host.pictures() for name, host in hosts.items()}
    for host in hosts.values():
        host.destroy_and_begin_anew()
    assert play("site").code == 0
    return before


def test_a_rebuilt_host_makes_no_backup_before_it_is_restored(hosts, rebuilt):
    for host in hosts.values():
        failed = host.sh("postfix-manager-backup run 2>&1 || true")
        assert "neither made nor restored; restore them first (playbook restore_host)" in failed


def test_a_rebuilt_host_is_as_the_old_one_was(hosts, rebuilt):
    for host in hosts.values():
        text = message("somebody@example.net", ALICE, "came before the restore", headers=headers("early"))
        with host.server.smtp() as session:
            session.sendmail("somebody@example.net", [ALICE], text)
        host.server.wait_for(ALICE, PASSWORDS[ALICE], "came before the restore")
    refused("restore_host", r"newer: .*\n- alice@example.test: 1 messages")
    restored("restore_host", restore_newer="merge")
    again = play("restore_host", restore_newer="merge")
    assert (again.code, again.changed) == (0, dict.fromkeys(PLATFORMS, False))
    for name, host in hosts.items():
        now = host.pictures()
        assert now[BOB] == rebuilt[name][BOB]
        assert now[CAROL] == rebuilt[name][CAROL]
        early = now[ALICE].messages.keys() - rebuilt[name][ALICE].messages.keys()
        assert [folder for folder, _uid in early] == ["INBOX"]
        # No client takes it for a message that the old host had and the backup lacks.
        assert max(uid for _folder, uid in early) > 10_000
        for key in early:
            del now[ALICE].messages[key]
        assert now[ALICE] == rebuilt[name][ALICE]


def test_its_queue_waits_for_a_decision(hosts, rebuilt):
    for host in hosts.values():
        queue = [json.loads(line) for line in host.sh("postqueue -j").splitlines()]
        assert [(one["queue_name"], one["sender"]) for one in queue] == [("hold", ALICE)]
        assert "Subject: waits" in host.sh(f"postcat -q {queue[0]['queue_id']}")


def test_its_backups_go_on(hosts, rebuilt):
    done = play("backup", "-e", "backup_verify=true")
    assert done.code == 0
    for name in hosts:
        newest, older = done.results[name]["snapshots"][:2]
        assert newest["messages"] == older["messages"] + 1
        assert newest["queue"] == 1


SECRETS = ("another-test-password", "rest-test-password")
# Copies of the arguments of all processes, again and again.
WATCH = rb"while :; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' >>/srv/arguments; sleep 0.1; done"
SSH_CLIENT = """
apt-get -q update >&2 && apt-get -q install -y --no-install-recommends openssh-client >&2
ssh-keygen -q -t ed25519 -N "" -f ~/.ssh/id_ed25519 && cat ~/.ssh/id_ed25519.pub
"""
SFTP_SERVER = """
apt-get -q update && apt-get -q install -y --no-install-recommends openssh-server
systemctl enable --now ssh
useradd -m -d /srv/vault vault
install -d -m 700 -o vault /srv/vault/.ssh
install -m 600 -o vault /dev/stdin /srv/vault/.ssh/authorized_keys
cat /etc/ssh/ssh_host_ed25519_key.pub
"""
HTTP_SERVER = """
apt-get -q update && apt-get -q install -y --no-install-recommends rclone
systemd-run -q --unit=vault -E RCLONE_USER=vault -E RCLONE_PASS=rest-test-password \\
    rclone serve restic --addr :8000 /srv/vault
timeout 60 sh -c 'until ss -ltn | grep -q :8000; do sleep 0.2; done'
"""


def test_repositories_on_other_hosts_hold_the_same(hosts, rebuilt):
    """Each host has its repository on the other one: debian12 over SFTP, debian13 over HTTP with a password."""
    old, new = hosts["debian12"], hosts["debian13"]
    key = old.sh(SSH_CLIENT)
    known = new.sh(SFTP_SERVER, key.encode()).splitlines()[-1]
    old.sh("cat >>~/.ssh/known_hosts", f"{new.server.address} {known}\n".encode())
    old.sh(HTTP_SERVER)
    for host in hosts.values():
        host.sh("cat >/srv/watch; systemd-run -q --unit=arguments sh /srv/watch", WATCH)
    by_host = {
        "backup_repository": {
            "debian12": f"sftp:vault@{new.server.address}:/srv/vault/mail",
            "debian13": f"rest:http://{old.server.address}:8000/mail",
        },
        "backup_credentials": {
            "debian12": {},
            "debian13": {"RESTIC_REST_USERNAME": "vault", "RESTIC_REST_PASSWORD": SECRETS[1]},
        },
    }
    elsewhere = {name: f"{{{{ {values}[inventory_hostname] }}}}" for name, values in by_host.items()}
    assert play_file(ROOT / "extensions/molecule/backup/setup.yml", backup_password=SECRETS[0], **elsewhere).code == 0
    assert play("backup", "-e", "backup_verify=true").code == 0
    before = {name: picture(host.server, CAROL) for name, host in hosts.items()}
    for host in hosts.values():
        host.sh("rm -r /var/vmail/second.test/carol")
    restored("restore_mailbox", restore_mailbox=CAROL)
    for name, host in hosts.items():
        assert picture(host.server, CAROL) == before[name]
        host.sh("systemctl stop arguments")
        seen = host.sh("cat /srv/arguments")
        assert re.search(r"restic backup .* --host", seen)
        assert not [secret for secret in SECRETS if secret in seen]
