# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message that one host relays to the other is one story, from the connection to the mailbox."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
import testinfra
from clients import MailServer, message, new_subject

SENDER, RECIPIENT, PASSWORD = "out@example.net", "dora@branch.test", "dora-test-password"
MESSAGE_ID = "relayed@client.example.net"
CERTIFICATE = "/etc/ssl/postfix_manager/mail.pem"
STORY = [
    *[("mx12", f"postfix/{daemon}") for daemon in ("smtpd", "cleanup", "qmgr", "smtp")],
    *[("mx13", f"postfix/{daemon}") for daemon in ("smtpd", "cleanup", "qmgr", "lmtp")],
    ("mx13", "dovecot"),
]


@pytest.fixture(scope="module")
def hosts():
    """Both containers from inside, and as mail servers."""
    found = {}
    for platform in ("debian12", "debian13"):
        name = f"{os.environ['TESTBED_PREFIX']}-{os.environ['MOLECULE_SCENARIO_NAME']}-{platform}"
        argv = [Path(os.environ["TESTBED_ROOT"], "tools/container"), "address", name]
        address = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
        host = testinfra.get_host(f"podman://{name}")
        found[platform] = host, MailServer(address, "mail.example.test", host.file(CERTIFICATE).content_string)
    return found


@pytest.fixture(scope="module")
def logs(hosts, tmp_path_factory):
    """The log of each host, in a file on the control node, after a message went from one to the other."""
    subject = new_subject()
    with hosts["debian12"][1].smtp() as session:
        headers = f"Message-ID: <{MESSAGE_ID}>\n"
        session.sendmail(SENDER, [RECIPIENT], message(SENDER, RECIPIENT, subject, headers=headers))
    hosts["debian13"][1].wait_for(RECIPIENT, PASSWORD, subject)
    folder = tmp_path_factory.mktemp("logs")
    paths = []
    for platform, (host, _server) in hosts.items():
        paths.append(folder / f"{platform}.log")
        paths[-1].write_text(whole_journal(host))
    return paths


def whole_journal(host):
    """The journal as lines, once the last of them about the message is in it: the queue manager's comes late."""
    for _try in range(100):
        text = host.check_output("journalctl --quiet --output=short-iso-precise")
        handled = re.search(rf": (\w+): to=<{re.escape(RECIPIENT)}>", text)
        if handled is not None and f": {handled[1]}: removed" in text:
            return text + "\n"
        time.sleep(0.2)
    raise AssertionError(text[-5000:])


def module(**arguments):
    argv = ["ansible", "localhost", "-c", "local", "-m", "postfix_manager.mail.mail_log_info"]
    environment = {**os.environ, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json", "ANSIBLE_FORCE_COLOR": "0"}
    done = subprocess.run(
        [*argv, "-a", json.dumps(arguments)], env=environment, capture_output=True, text=True, check=False
    )
    assert "=> " in done.stdout, done.stdout + done.stderr
    return json.JSONDecoder().raw_decode(done.stdout.partition("=> ")[2])[0]


def test_a_relayed_message_is_one_story_over_the_logs_of_both_hosts(logs):
    found = module(paths=[str(path) for path in logs], trace={"message_id": MESSAGE_ID})["trace"]
    assert not found["cut"]
    assert found["message_ids"] == [f"<{MESSAGE_ID}>"]
    first, second = found["queue_ids"]
    told = [(event["host"].partition(".")[0], event["program"].partition("[")[0]) for event in found["events"]]
    assert [step for step in STORY if step not in told] == []
    texts = [event["text"] for event in found["events"]]
    assert told[0] == ("mx12", "postfix/smtpd")
    assert "connect from" in texts[0]
    handed_over = next(text for text in texts if f"to=<{RECIPIENT}>" in text and "queued as" in text)
    assert {handed_over.partition(":")[0], handed_over.rpartition("queued as ")[2].rstrip(")")} == {first, second}
    assert sorted(text for text in texts if text.endswith(": removed")) == [f"{first}: removed", f"{second}: removed"]
    assert [text for step, text in zip(told, texts) if step == STORY[-1] and "INBOX" in text]
    # Nothing but this message: the daemons that the hosts' other mail went through are not in it twice.
    assert len([text for text in texts if "message-id=" in text]) == 2
