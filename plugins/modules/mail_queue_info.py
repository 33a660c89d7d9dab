#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_queue_info
short_description: What stands in the queue of Postfix, how long and why
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Reports what the queue holds, by queue, age, destination, sender, recipient and reason, and names in words what
    most messages wait for.
  - It changes nothing.
  - While Postfix is stopped, root alone can read the queue.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.instance
  - postfix_manager.mail.privacy
  - postfix_manager.mail.queue_filter
attributes:
  check_mode:
    details: The module only reads.
  diff_mode:
    details: There is never a difference, because nothing is changed.
options:
  details:
    description:
      - What RV(messages) has beyond the list - nothing, the client that brought a message and who was logged in, the
        headers too, or the body too.
      - With O(addresses) other than V(shown), V(headers) and V(body) are refused, as they are full of names.
    type: str
    choices: [none, envelope, headers, body]
    default: none
  top:
    description: How many senders, recipients, domains, reasons and bottlenecks are named, those with most messages.
    type: int
    default: 10
  interval:
    description: Look twice, so many seconds apart, 600 at most, and report RV(rates).
    type: int
  since:
    description:
      - An earlier result of this module with the same O(filter), or its RV(look), for RV(rates) since then.
    type: dict
seealso:
  - module: postfix_manager.mail.mail_queue
"""

EXAMPLES = r"""
- name: See what is stuck
  postfix_manager.mail.mail_queue_info:
  register: queue

- name: Say it
  ansible.builtin.debug:
    var: queue.summary

- name: See who sends so much, without names, and how fast it grows
  postfix_manager.mail.mail_queue_info:
    filter:
      age: {max: 1h}
      not: {sender: <>}
    addresses: hashed
    interval: 60

- name: Read the headers of what is on hold
  postfix_manager.mail.mail_queue_info:
    filter: {queue: hold}
    details: headers
    list_limit: 20

- name: See what has changed since the first look
  postfix_manager.mail.mail_queue_info:
    since: "{{ queue.look }}"
"""

RETURN = r"""
installed:
  description: Whether Postfix is installed.
  returned: success
  type: bool
running:
  description: Whether Postfix runs. Nothing is delivered while it does not.
  returned: success
  type: bool
summary:
  description: The state of the queue in sentences, what most messages wait for first.
  returned: success
  type: list
  elements: str
  sample:
    - 8,911 messages, 8,820 deferred
    - "deferred to example.org: connection timed out, 8,210 messages, oldest 3 h"
total:
  description: How many messages there are, of those that O(filter) selects.
  returned: success
  type: int
size:
  description: Their bytes together.
  returned: success
  type: int
largest:
  description: The bytes of the largest.
  returned: success
  type: int
oldest:
  description: The oldest message, as in RV(messages), V(null) for an empty queue.
  returned: success
  type: dict
queues:
  description: By queue, C(messages), their C(size) in bytes and C(recipients), and the age of the C(oldest) in seconds.
  returned: success
  type: dict
  sample: {hold: {messages: 1, size: 2342, recipients: 1, oldest: 90}}
ages:
  description:
    - The age of messages by destination, as qshape(1) shows it. Under C(minutes), each number counts the messages that
      are not older than that and older than the number before. A message counts once for each of its destinations.
  returned: success
  type: list
  elements: dict
  contains:
    domain: {description: "The destination, empty for recipients without a domain.", type: str}
    total: {description: All messages to it., type: int}
    minutes: {description: "Messages by age, from C(5) to C(1280) and C(1280+).", type: dict}
top_senders:
  description: Senders with most messages, with C(name) and C(messages).
  returned: success
  type: list
  elements: dict
top_recipients:
  description: Recipients with most messages, with C(name) and C(messages).
  returned: success
  type: list
  elements: dict
top_domains:
  description: Destinations with most messages, with C(name) and C(messages).
  returned: success
  type: list
  elements: dict
top_reasons:
  description: What most messages wait for, with C(reason) in short, C(status) and C(messages).
  returned: success
  type: list
  elements: dict
bottlenecks:
  description: What most messages wait for, by destination.
  returned: success
  type: list
  elements: dict
  contains:
    domain: {description: The destination., type: str}
    reason: {description: The reason in short., type: str, sample: connection timed out}
    status: {description: Its enhanced status., type: str, sample: 4.4.1}
    messages: {description: How many wait., type: int}
    oldest: {description: The age of the oldest in seconds., type: int}
rates:
  description:
    - What came and went between two looks. Mail that did both in between is in neither.
    - V(null) without O(interval) and O(since).
  returned: success
  type: dict
  contains:
    seconds: {description: The time between the looks., type: int}
    arrived: {description: Messages that came and are still there., type: int}
    left: {description: "Messages that were there and are delivered, returned or deleted.", type: int}
    arrived_per_minute: {description: The first as a rate., type: float}
    left_per_minute: {description: The second as a rate., type: float}
    growth: {description: "How many messages there are more than before, or less.", type: int}
look:
  description: What O(since) needs of this result.
  returned: success
  type: dict
messages:
  description: The first messages, O(list_limit) at most.
  returned: success
  type: list
  elements: dict
  contains:
    queue: {description: The queue., type: str}
    queue_id: {description: Its name., type: str}
    arrival_time: {description: When it came., type: int}
    age: {description: Seconds since., type: int}
    size: {description: Bytes., type: int}
    sender: {description: "Its sender, C(MAILER-DAEMON) for an empty one.", type: str}
    recipients:
      description:
        - The first recipients that do not have it yet, O(recipient_limit) at most, with C(address) and C(reason).
      type: list
      elements: dict
    recipient_count: {description: How many recipients there are., type: int}
    expired: {description: Whether it is to be returned at the next attempt., type: bool}
    envelope:
      description: With O(details), where it came from, with C(client_name), C(client_address) and C(sasl_user).
      type: dict
    headers: {description: "With O(details), its headers.", type: str}
    body: {description: "With O(details=body), the first 64 KiB of its body.", type: str}
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.info_host import plan_info
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.info_request import DETAILS

SPEC = module_spec(
    "instance",
    "privacy",
    "queue_filter",
    options={
        "details": {"type": "str", "choices": list(DETAILS), "default": "none"},
        "top": {"type": "int", "default": 10},
        "interval": {"type": "int"},
        "since": {"type": "dict"},
    },
    mutually_exclusive=[("interval", "since")],
)


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
