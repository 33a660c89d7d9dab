#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_log_info
short_description: What the logs of Postfix and Dovecot say
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Counts what happened to mail on a host, from the logs of Postfix and Dovecot and of the filters beside them -
    messages received, delivered, bounced, deferred, expired, rejected and why; delays, sizes, senders, recipients,
    clients, TLS, verdicts on spam, logins and who may be guessing passwords.
  - It reads log files, packed and rotated ones, or the journal. With O(cursor) it goes on where the last run stopped.
  - With O(trace) it shows the lines that belong to one message instead, from connect to mailbox.
  - It reads several hundred megabytes in seconds and keeps its memory bounded.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.privacy
attributes:
  check_mode:
    details: The module only reads. In check mode it does not move O(cursor).
  diff_mode:
    details: There is never a difference, because nothing is changed.
options:
  paths:
    description:
      - Log files. Plain, or packed by gzip, xz or zstd, which their content tells and not their name. For zstd the
        command C(zstd) must be there.
      - This, O(journal), or both.
    type: list
    elements: path
  journal:
    description: Read the journal of this host, through C(journalctl).
    type: bool
    default: false
  rotated:
    description: Read the rotated logs beside each of O(paths), too, oldest first. With O(cursor) this is not needed.
    type: bool
    default: false
  since:
    description:
      - Leave out what is older. A date, a date and time (local unless it names a zone), or an age such as V(2h) or
        V(7d).
    type: str
  until:
    description: Leave out what is newer, written like O(since).
    type: str
  cursor:
    description:
      - A file that keeps where the last run stopped. Only what was logged after that is counted, whether the log was
        rotated, packed, or truncated since. It is created when it is not there, and everything is counted then.
      - Use one for each task; it remembers the logs by their path.
    type: path
  instance:
    description: Count this instance of Postfix alone, by its C(syslog_name), such as V(postfix-out).
    type: str
  top:
    description: How many lines each table has.
    type: int
    default: 20
  max_entries:
    description:
      - How many senders, recipients and so on are kept count of, each. Above twice as many the smallest are dropped,
        which RV(log.cut) says. This bounds the memory.
    type: int
    default: 20000
  brute_force_threshold:
    description: How many failed logins make an address a candidate for RV(brute_force).
    type: int
    default: 10
  trace:
    description:
      - Show the lines of one message, or those of an address, and count nothing.
      - C(message_id) is its message id, with or without angle brackets, the same one on all hosts. C(queue_id) is a
        queue id of it; the others are found from there. C(address) is a sender or recipient; bound the time by O(since)
        and O(until) then. Each may be a list of several.
    type: dict
notes:
  - Time stamps without a year belong to the latest year in which they are not later than the file's last change.
  - Addresses of clients (IP addresses) and message ids are shown whatever O(addresses) says; the part of a message id
    before the C(@) is treated like that of an address.
seealso:
  - module: postfix_manager.mail.mail_probe
"""

EXAMPLES = r"""
- name: See what happened to mail in the last day
  postfix_manager.mail.mail_log_info:
    paths: [/var/log/mail.log]
    rotated: true
    since: 24h
  register: log

- name: Say it in words
  ansible.builtin.debug:
    var: log.summary

- name: Count what is new since the last time, in the journal
  postfix_manager.mail.mail_log_info:
    journal: true
    cursor: /var/lib/postfix_manager/log.cursor
    addresses: hashed

- name: Follow one message
  postfix_manager.mail.mail_log_info:
    paths: [/var/log/mail.log]
    trace:
      message_id: 20261125093855.004934@mx.example.test
"""

RETURN = r"""
summary:
  description: The result in sentences, the most important first.
  returned: without O(trace)
  type: list
  elements: str
log:
  description: What was read.
  returned: without O(trace)
  type: dict
  contains:
    lines:
      description: How many lines were read.
      type: int
    first:
      description: The earliest time of a line, in UTC.
      type: str
    last:
      description: The latest time of a line, in UTC.
      type: str
    broken_lines:
      description: How many lines could not be understood although they should.
      type: int
    broken:
      description: The first ten of them, shortened.
      type: list
      elements: str
    other_lines:
      description: How many lines other programs wrote.
      type: int
    cut:
      description: The tables with too many entries, how many were dropped, and the largest number in them.
      type: list
      elements: dict
    gaps:
      description: Logs of which a part is gone since the last run with O(cursor).
      type: list
      elements: str
messages:
  description:
    - Numbers of what happened. Always there are C(received), C(delivered), C(forwarded), C(relayed), C(bounced),
      C(deferrals) (attempts), C(deferred_messages), C(expired), C(rejected), C(reject_warnings), C(held), C(discarded),
      C(bytes_received), C(bytes_delivered), C(senders), C(sender_domains), C(recipients) and C(recipient_domains), with
      the meaning that pflogsumm(1) gives them.
    - Others are there when they happened, such as C(connections), C(lost_connections), C(logins), C(failed_logins),
      C(warnings), C(fatals), C(stored_in_mailboxes), C(notifications_non_delivery) or C(anvil_connection_rate).
    - C(recipients) and C(recipient_domains) are those that something was delivered to. The tables of the same names
      also list those that mail was only deferred or bounced for.
    - An attempt to log in counts once in C(failed_logins), by what Postfix or Dovecot's login service says of it. What
      Dovecot's authentication service says besides is C(auth_failures).
    - Verdicts of rspamd and amavis on whole messages are added up as C(ham), C(spam), C(infected) and C(banned).
  returned: without O(trace)
  type: dict
delays:
  description:
    - Seconds that deliveries took - C(total), and its parts C(before_queue), C(in_queue), C(connection) and
      C(transmission), which Postfix logs as a/b/c/d. Each with C(mean), C(p50), C(p90), C(p95), C(p99) and C(max).
  returned: without O(trace)
  type: dict
tables:
  description:
    - Lists of the largest entries, each with C(name) and numbers - C(senders), C(sender_domains), C(recipients),
      C(recipient_domains), C(clients), C(users), C(relays), C(transports), C(rejects), C(bounces), C(deferrals),
      C(warnings), C(postscreen), C(tls), C(verdicts), C(logins), C(login_protocols), C(login_addresses).
    - In C(verdicts), C(score_sum) divided by C(scored) is the mean of the scores that were logged.
    - In reasons, what differs from message to message stands as C(*).
  returned: without O(trace)
  type: dict
hours:
  description: What happened in each hour of the log, in the log's own zone.
  returned: without O(trace)
  type: list
  elements: dict
brute_force:
  description: Addresses with many failed logins and fewer that succeeded, the busiest first.
  returned: without O(trace)
  type: list
  elements: dict
  contains:
    address:
      description: The address of the client.
      type: str
    failed:
      description: How many of its logins failed.
      type: int
    succeeded:
      description: How many succeeded.
      type: int
    users:
      description: With how many names it tried.
      type: int
    most_tried:
      description: The names that it tried most.
      type: list
      elements: str
trace:
  description: The lines that belong to the message.
  returned: with O(trace)
  type: dict
  contains:
    queue_ids:
      description: The queue ids that the message had, on all hosts whose lines are in the log.
      type: list
      elements: str
    message_ids:
      description: Its message id, and those of notifications about it.
      type: list
      elements: str
    events:
      description: The lines in the order of time, each with C(time) (UTC), C(host), C(program) and C(text).
      type: list
      elements: dict
    verdicts:
      description:
        - What rspamd and amavis said of it, each with C(time), C(host), C(verdict) such as C(rspamd reject), C(kind)
          (C(spam), C(ham), C(infected), C(banned), or nothing where it is neither) and the C(score) if one was logged.
      type: list
      elements: dict
    cut:
      description: Whether there were more lines or names than are kept.
      type: bool
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.info import plan_info

SPEC = module_spec(
    "privacy",
    options={
        "paths": {"type": "list", "elements": "path"},
        "journal": {"type": "bool", "default": False},
        "rotated": {"type": "bool", "default": False},
        "since": {"type": "str"},
        "until": {"type": "str"},
        "cursor": {"type": "path"},
        "instance": {"type": "str"},
        "top": {"type": "int", "default": 20},
        "max_entries": {"type": "int", "default": 20_000},
        "brute_force_threshold": {"type": "int", "default": 10},
        "trace": {"type": "dict"},
    },
)


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
