#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prove from end to end that mail flows and that what must be refused is."""

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_probe
short_description: Prove that mail flows through a server and that it refuses what it must
version_added: 0.1.0
description:
  - Submits a message on port 587 (STARTTLS) and another on port 465 with authentication, waits for them in the
    mailbox over IMAPS, compares what came back with what was sent, and removes both again.
  - Proves that the server refuses relaying, a wrong password, an unknown recipient, a forged sender and
    authentication outside TLS. These proofs send no message and give no real password away.
  - The module fails when one proof does, with a cure for each, after all of them were tried.
  - It leaves no message behind, even when a later step fails. When a probe is killed, the next one removes what it
    left (messages with the header C(X-Postfix-Manager-Probe) that are older than ten minutes). Other messages are
    never touched.
  - It runs on any host with Python, on the mail server itself or elsewhere.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
attributes:
  check_mode:
    details: In check mode nothing is sent, and RV(hops) is empty.
  diff_mode:
    details: There is never a difference, because the probe changes nothing.
options:
  host:
    description: The mail server, a name or an address.
    type: str
    default: 127.0.0.1
  server_name:
    description: The name that the server's certificate must hold. O(host) when left out.
    type: str
  ca_path:
    description:
      - A file in PEM form with the certificate authority, or the self-signed certificate, to trust.
      - The authorities of the probing host when left out.
    type: path
  validate_certs:
    description: Whether the certificate is verified. Only set it to V(false) for a test bed.
    type: bool
    default: true
  username:
    description: The login name of the mailbox. It must exist; a mailbox for probes alone is best.
    type: str
    required: true
  password:
    description: The password of O(username). One of O(password) and O(password_file) must be given.
    type: str
  password_file:
    description: A file on the probing host with the password in its first line.
    type: path
  sender:
    description: The address that sends the message. O(username) when left out.
    type: str
  recipient:
    description: The address that the message is sent to; it must deliver to the mailbox. O(username) when left out.
    type: str
  mailbox:
    description: The folder in which the message must arrive, as IMAP names it.
    type: str
    default: INBOX
  timeout:
    description:
      - Seconds that the whole probe may take, 5 at least.
      - A message that has not arrived after four fifths of it counts as lost.
    type: int
    default: 60
  submission_port:
    description: The port for submission with STARTTLS.
    type: int
    default: 587
  submissions_port:
    description: The port for submission in TLS.
    type: int
    default: 465
  smtp_port:
    description: The port to which other servers send.
    type: int
    default: 25
  imap_port:
    description: The port for IMAP outside TLS, where a login must be refused. It may be closed.
    type: int
    default: 143
  imaps_port:
    description: The port for IMAP in TLS.
    type: int
    default: 993
  pop3s_port:
    description: The port for POP3 in TLS, usually 995. It is not probed when left out.
    type: int
  sieve_port:
    description: The port for ManageSieve, usually 4190. It is not probed when left out.
    type: int
  checks:
    description:
      - What to prove.
      - V(submission) is the way of a message in through O(submission_port) and out over O(imaps_port),
        V(submissions) the one in through O(submissions_port).
      - V(relay_refused) is that mail to the outside is refused on O(smtp_port) from whoever is not logged in. When
        O(host) is a loopback address that the server trusts, the probe asks again through the host's own address.
      - V(unknown_recipient_refused) is that a recipient who does not exist is refused at once, on O(smtp_port) and on
        O(submission_port). Leave it out for a domain with a catch-all.
      - V(cleartext_auth_refused) is that no login is possible outside TLS, on O(smtp_port), O(submission_port) and
        O(imap_port). A closed port is a proof.
      - V(sender_forgery_refused) is that a user cannot send in the name of another one.
      - V(wrong_password_refused) is that a random password is refused, on O(submission_port) and O(imaps_port).
    type: list
    elements: str
    choices:
      - submission
      - submissions
      - relay_refused
      - unknown_recipient_refused
      - cleartext_auth_refused
      - sender_forgery_refused
      - wrong_password_refused
    default:
      - submission
      - submissions
      - relay_refused
      - unknown_recipient_refused
      - cleartext_auth_refused
      - sender_forgery_refused
      - wrong_password_refused
notes:
  - A refused password makes Dovecot wait two seconds, and more when it happens again within a minute from the same
    address. On the server itself the probe comes from another address of the host than its local clients use, so that
    it makes none of them wait.
  - A host that probes often from elsewhere must be exempt from what bans addresses after failed logins, or leave out
    V(wrong_password_refused) in O(checks).
author: Postfix Manager authors (@postfix-manager)
"""

EXAMPLES = r"""
- name: Prove on the server itself that mail flows
  postfix_manager.mail.mail_probe:
    server_name: "{{ ansible_facts['fqdn'] }}"
    ca_path: /etc/ssl/mail/cert.pem
    username: probe@example.test
    password_file: /etc/postfix_manager/probe.password

- name: Probe a server from the control node, also over POP3 and ManageSieve
  postfix_manager.mail.mail_probe:
    host: mail.example.test
    username: probe@example.test
    password: "{{ probe_password }}"
    pop3s_port: 995
    sieve_port: 4190
  delegate_to: localhost

- name: Prove from outside that the server is no open relay, and nothing else
  postfix_manager.mail.mail_probe:
    host: mail.example.test
    username: probe@example.test
    password: "{{ probe_password }}"
    checks: [relay_refused]
  delegate_to: localhost
"""

RETURN = r"""
ok:
  description: Whether every proof holds.
  returned: when the probe ran
  type: bool
  sample: true
summary:
  description: The result in one sentence. When a proof fails, C(msg) adds a line with its cure.
  returned: always
  type: str
  sample: All 15 proofs hold for probe@example.test on 127.0.0.1 (2.2 s).
seconds:
  description: Wall time of the whole probe in seconds.
  returned: when the probe ran
  type: float
  sample: 2.214
hops:
  description: Every proof with its evidence, empty in check mode.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: What was proved, and on which service.
      type: str
      sample: relay_refused
    port:
      description: The port.
      type: int
      sample: 25
    ok:
      description: Whether the proof holds.
      type: bool
      sample: true
    seconds:
      description: Wall time in seconds; of a delivery, from the moment the server took the message over.
      type: float
      sample: 0.012
    code:
      description: The status that the server answered with. Empty when there was no answer.
      type: str
      sample: "554"
    said:
      description: The server's words, or what happened instead, without any password.
      type: str
      sample: "554 5.7.1 <postfix-manager-probe@example.com>: Relay access denied"
    expected:
      description: What the proof asks for.
      type: str
      sample: a refusal of an outside recipient before any mail is sent
    detail:
      description: What else is worth knowing.
      type: str
      sample: ""
    cure:
      description: What to do, when the proof failed.
      type: str
      sample: ""
actions:
  description: What the run does, in words.
  returned: always
  type: list
  elements: str
  sample: [Prove that mail for probe@example.test flows through 127.0.0.1, and what must be refused is]
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.probe import plan_probe
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.settings import CHECKS

SPEC = module_spec(
    options={
        "host": {"type": "str", "default": "127.0.0.1"},
        "server_name": {"type": "str"},
        "ca_path": {"type": "path"},
        "validate_certs": {"type": "bool", "default": True},
        "username": {"type": "str", "required": True},
        "password": {"type": "str", "no_log": True},
        "password_file": {"type": "path", "no_log": False},
        "sender": {"type": "str"},
        "recipient": {"type": "str"},
        "mailbox": {"type": "str", "default": "INBOX"},
        "timeout": {"type": "int", "default": 60},
        "submission_port": {"type": "int", "default": 587},
        "submissions_port": {"type": "int", "default": 465},
        "smtp_port": {"type": "int", "default": 25},
        "imap_port": {"type": "int", "default": 143},
        "imaps_port": {"type": "int", "default": 993},
        "pop3s_port": {"type": "int"},
        "sieve_port": {"type": "int"},
        "checks": {"type": "list", "elements": "str", "choices": list(CHECKS), "default": list(CHECKS)},
    },
    required_one_of=[("password", "password_file")],
    mutually_exclusive=[("password", "password_file")],
)


def main() -> None:
    run_module(SPEC, plan_probe)


if __name__ == "__main__":
    main()
