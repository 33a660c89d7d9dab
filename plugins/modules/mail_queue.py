#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_queue
short_description: Hold, release, requeue, delete, flush or expire messages in the queue of Postfix
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Does one thing to every message that a filter selects, in one call.
  - When more messages are selected than O(max_affected), nothing is touched and the task fails with the selection.
  - A message that is delivered or moves elsewhere meanwhile is left alone and named in RV(vanished). Postfix gives the
    name of a message again after it is gone; a new message with the name of a selected one is not touched.
  - The queue is read as a stream. A hundred thousand messages take less than 100 MB of memory.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.instance
  - postfix_manager.mail.privacy
  - postfix_manager.mail.queue_filter
attributes:
  check_mode:
    details: The selection is the one at that moment. Mail comes and goes until the run.
  idempotent:
    support: partial
    details: >-
      With O(state=requeued) and O(state=flushed) messages that cannot be delivered again are back after a while, and
      selected again.
options:
  state:
    description:
      - What the selected messages shall be.
      - V(held) keeps messages in the queues incoming, active and deferred from being delivered.
      - V(released) has messages on hold delivered as others. It touches no other message.
      - V(requeued) has messages that are not on hold go through address rewriting and routing again. Each gets another
        name.
      - V(deleted) removes messages from any queue, maildrop and corrupt included. Nobody is told.
      - V(flushed) has deferred messages tried again now. It needs a running Postfix, and 10 ms for each message.
      - V(expired) has messages returned to their senders at the next attempt. What is on hold is returned once it is
        released.
    type: str
    choices: [held, released, requeued, deleted, flushed, expired]
    required: true
  all:
    description:
      - Every message is meant. Give this or O(filter).
      - A filter that selects every message is refused, so that none does by mistake.
    type: bool
    default: false
  max_affected:
    description: How many messages may be touched at most.
    type: int
    default: 1000
  archive:
    description:
      - With O(state=deleted), a folder that gets a copy of each queue file before it is deleted, in a new folder for
        each run, for root alone, with C(SHA256SUMS).
      - C(postcat FILE) shows such a file. What could not be copied is not deleted.
    type: path
notes:
  - Needs root.
seealso:
  - module: postfix_manager.mail.mail_queue_info
"""

EXAMPLES = r"""
- name: Hold what a user whose password was stolen has sent
  postfix_manager.mail.mail_queue:
    state: held
    filter:
      sasl_user: alice@example.org

- name: Delete bounces to a domain that does not take them, and keep a copy
  postfix_manager.mail.mail_queue:
    state: deleted
    filter:
      sender: <>
      recipient_domain: example.net
      age: 1d
    archive: /var/backups/mail_queue
    max_affected: 5000

- name: Return what waits for a certificate or for a full mailbox
  postfix_manager.mail.mail_queue:
    state: expired
    filter:
      any:
        - reason: 4.7.x
        - reason: mailbox full
          age: {min: 4h, max: 3d}

- name: Try again what could not be connected, but no newsletters
  postfix_manager.mail.mail_queue:
    state: flushed
    filter:
      queue: deferred
      reason: /connection (timed out|refused)/
      not: {sender: "news-*@example.org"}

- name: Release everything that is on hold
  postfix_manager.mail.mail_queue:
    state: released
    all: true
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["delete 210 messages: 200 in deferred, 10 in hold"]
installed:
  description: Whether Postfix is installed.
  returned: success
  type: bool
selected:
  description: How many messages the filter selects, with those that are already as O(state) says.
  returned: success or more than O(max_affected)
  type: int
affected:
  description: How many messages were touched, or would be.
  returned: success or more than O(max_affected)
  type: int
queues:
  description: How many of those that the filter selected and that were to be touched were in which queue.
  returned: success or more than O(max_affected)
  type: dict
  sample: {deferred: 200, hold: 10}
queue_ids:
  description: The names of all messages that were touched, or would be.
  returned: success or more than O(max_affected)
  type: list
  elements: str
messages:
  description: The first of the messages to be touched, O(list_limit) at most.
  returned: success or more than O(max_affected)
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
vanished:
  description: The names of messages that were selected and gone, or changed, before they could be touched.
  returned: success
  type: list
  elements: str
archive_path:
  description: The folder with the copies.
  returned: when O(archive) was given and messages were deleted
  type: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.actions import ACTIONS
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.change_host import plan_change

SPEC = module_spec(
    "instance",
    "privacy",
    "queue_filter",
    options={
        "state": {"type": "str", "choices": list(ACTIONS), "required": True},
        "all": {"type": "bool", "default": False},
        "max_affected": {"type": "int", "default": 1000},
        "archive": {"type": "path"},
    },
)


def main() -> None:
    run_module(SPEC, plan_change)


if __name__ == "__main__":
    main()
