# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail is broken in ways that only the probe can see, another one on each host, and works again without a hand.

Each run of the roles breaks both hosts at once. It must fail, and say what failed first and what was found after the
configuration went back. Meanwhile messages are submitted: none that the server took over is lost.
"""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import smtplib
import ssl
import subprocess
import threading
from collections.abc import Iterator

import pytest
from clients import MailServer, message, messages, new_subject

ROOT = pathlib.Path(os.environ["TESTBED_ROOT"])
ALICE = ("alice@example.test", "alice-test-password")

IS_BACK = "before this play is back, and with it:\nAll 16 proofs hold"
NO_BETTER = "before this play is no better, so look for the cause\nelsewhere: "

# The way of mail to Dovecot leads nowhere.
LMTP = {"postfix_parameters": {"virtual_transport": "lmtp:unix:private/dovecot-lmtq"}}
# Postfix asks nobody for passwords.
SASL = {"postfix_parameters": {"smtpd_sasl_path": "private/autj"}}
# Postfix may not ask Dovecot. It changes itself, too, so that both go back.
SOCKET = {
    "postfix_parameters": {"smtpd_banner": "$myhostname ESMTP new"},
    "dovecot_settings": {
        "service auth": {
            "unix_listener /var/spool/postfix/private/auth": {"mode": "0600", "user": "root", "group": "root"}
        }
    },
}
HARMLESS = {"postfix_parameters": {"smtpd_banner": "$myhostname ESMTP new"}}
DROP_IMAPS = "nft add table inet t; nft 'add chain inet t c { type filter hook input priority 0; }'; "
DROP_IMAPS += "nft add rule inet t c tcp dport 993 drop"


class Host:
    """A container, with the means to see and to break it."""

    def __init__(self, platform: str) -> None:
        names = [os.environ["TESTBED_PREFIX"], os.environ["MOLECULE_SCENARIO_NAME"], platform]
        self.container = "-".join(names)
        argv = [ROOT / "tools/container", "address", self.container]
        address = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
        certificate = self.sh("cat /etc/ssl/postfix_manager/mail.pem")
        self.server = MailServer(address, "mail.example.test", certificate)
        self.accepted: list[str] = []

    def sh(self, script: str) -> str:
        argv = ["podman", "exec", self.container, "sh", "-euc", script]
        return subprocess.run(argv, capture_output=True, text=True, check=True).stdout

    def configuration(self) -> str:
        """Every file of both daemons with its checksum, owner and mode."""
        listing = "find /etc/postfix /etc/dovecot -printf '%p %m %u %g\\n' | sort"
        return self.sh(f"find /etc/postfix /etc/dovecot -type f | sort | xargs sha256sum; {listing}")

    def submit(self) -> None:
        subject = new_subject()
        refusals = (smtplib.SMTPException, OSError, ssl.SSLError)
        with contextlib.suppress(*refusals), self.server.submission(*ALICE) as session:
            session.sendmail(ALICE[0], [ALICE[0]], message(ALICE[0], ALICE[0], subject))
            self.accepted.append(subject)


def play(folder: pathlib.Path, variables: dict[str, dict]) -> dict[str, str]:
    """Run the roles with variables by host, and return what each host failed with in the end."""
    inventory = folder / "hosts.json"
    inventory.write_text(json.dumps({"all": {"hosts": variables}}))
    environment = {**os.environ, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_FORCE_COLOR": "0"}
    environment["ANSIBLE_CONFIG"] = f"{os.environ['MOLECULE_EPHEMERAL_DIRECTORY']}/ansible.cfg"
    argv = ["ansible-playbook", "-i", os.environ["MOLECULE_INVENTORY_FILE"], "-i", inventory]
    argv.append(ROOT / "extensions/molecule/rollback/again.yml")
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    print(done.stdout, done.stderr)
    said = re.findall(r"^fatal: \[(\w+)\]: FAILED! => (\{.*\})$", f"{done.stdout}\n{done.stderr}", re.MULTILINE)
    return {name: json.loads(text)["msg"] for name, text in said}


@contextlib.contextmanager
def mail_for(host: Host) -> Iterator[None]:
    """Mail is submitted all the time, a message a second."""
    over = threading.Event()

    def keep_submitting() -> None:
        while not over.wait(1):
            host.submit()

    thread = threading.Thread(target=keep_submitting)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def hosts() -> dict[str, Host]:
    return {name: Host(name) for name in ("debian12", "debian13")}


@pytest.fixture(scope="module")
def before(hosts):
    return {name: host.configuration() for name, host in hosts.items()}


@pytest.fixture(scope="module")
def first(hosts, before, tmp_path_factory):
    with mail_for(hosts["debian12"]):
        return play(tmp_path_factory.mktemp("first"), {"debian12": LMTP, "debian13": SOCKET})


@pytest.fixture(scope="module")
def second(hosts, first, tmp_path_factory):
    hosts["debian12"].sh(DROP_IMAPS)
    try:
        return play(tmp_path_factory.mktemp("second"), {"debian12": HARMLESS, "debian13": SASL})
    finally:
        hosts["debian12"].sh("nft delete table inet t")


def test_a_wrong_way_to_the_mailboxes_goes_back(first):
    assert "- submission_delivery (port 993)" in first["debian12"]
    assert f"The configuration of Postfix {IS_BACK}" in first["debian12"]


def test_a_socket_that_postfix_may_not_use_goes_back_with_all_that_the_play_changed(first):
    assert "submission (port 587)" in first["debian13"]
    assert f"The configuration of Postfix and Dovecot {IS_BACK}" in first["debian13"]


def test_what_no_configuration_causes_is_said(second):
    problem, after = second["debian12"].split(f"The configuration of Postfix {NO_BETTER}", 1)
    assert "port 993" in problem
    assert "port 993" in after


def test_a_wrong_way_to_the_passwords_goes_back(second):
    assert "submission (port 587)" in second["debian13"]
    assert f"The configuration of Postfix {IS_BACK}" in second["debian13"]


@pytest.mark.parametrize("name", ["debian12", "debian13"])
def test_the_old_configuration_is_there_and_works(hosts, before, second, name):
    assert hosts[name].configuration() == before[name]
    subject = new_subject()
    with hosts[name].server.submission(*ALICE) as session:
        session.sendmail(ALICE[0], [ALICE[0]], message(ALICE[0], ALICE[0], subject))
    assert hosts[name].server.wait_for(*ALICE, subject)


def test_nothing_that_was_taken_over_is_lost(hosts, second):
    host = hosts["debian12"]
    assert "status=deferred" in host.sh("journalctl --no-pager -t postfix/lmtp")
    assert len(host.accepted) > 5
    host.sh("postqueue -f")
    host.sh("timeout 60 sh -c 'until [ -z \"$(postqueue -j)\" ]; do sleep 0.5; done'")
    with host.server.imap(*ALICE) as session:
        lost = [subject for subject in host.accepted if not messages(session, subject)]
    assert lost == []
