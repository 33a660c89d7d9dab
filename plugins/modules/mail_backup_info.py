#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_backup_info
short_description: Which backups of a mail host there are, what they hold, and how the last ones went
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Lists the snapshots of the repository that the role P(postfix_manager.mail.backup#role) has set up, and the last
    runs of its jobs.
  - It changes nothing.
  - A repository that cannot be opened is an error that says why.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
attributes:
  check_mode:
    details: The module only reads.
  diff_mode:
    details: There is never a difference, because nothing is changed.
options:
  host:
    description: The host whose snapshots are listed. Left out, it is the one that backs up here.
    type: str
  limit:
    description: How many snapshots to look into, the newest. Each takes about half a second.
    type: int
    default: 5
  mailboxes:
    description: Whether to list every mailbox with the number of its messages.
    type: bool
    default: false
notes:
  - Needs root.
seealso:
  - module: postfix_manager.mail.mail_backup
"""

EXAMPLES = r"""
- name: See what there is
  postfix_manager.mail.mail_backup_info:
  register: backups

- name: Fail when the last success is older than two days
  ansible.builtin.assert:
    that: backups.jobs.backup.age is not none and backups.jobs.backup.age < 172800
    fail_msg: "{{ backups.jobs.backup.message | default('no backup has run yet') }}"
"""

RETURN = r"""
configured:
  description: Whether this host has a backup.
  returned: success
  type: bool
repository:
  description: The address of the repository, without a password.
  returned: success
  type: str
host:
  description: The host whose snapshots are listed.
  returned: success
  type: str
snapshots:
  description: The snapshots, newest first.
  returned: success
  type: list
  elements: dict
  contains:
    id: {description: "Its name.", type: str}
    time: {description: "When it was made, in seconds of the epoch.", type: int}
    age: {description: "Seconds since.", type: int}
    paths: {description: "The files and folders that were saved as they were.", type: list, elements: str}
    messages: {description: "How many messages it has. This and the next for the newest O(limit) alone.", type: int}
    mailbox_count: {description: "How many mailboxes there are.", type: int}
    mailboxes: {description: "The C(messages) of each mailbox, with O(mailboxes).", type: dict}
    queue: {description: "How many messages are in its queue.", type: int}
    dumps: {description: "Dumps of databases and directories.", type: list, elements: str}
    unsettled:
      description: Mailboxes that changed all the time. A message in them may have been saved twice, none is missing.
      type: list
      elements: str
jobs:
  description: The last run of each job, C(backup) and C(backup_verify). Empty but for C(age) when it has not run.
  returned: success
  type: dict
  contains:
    backup:
      description: The backup.
      type: dict
      contains:
        job: {description: "Its name.", type: str}
        started: {description: "When it began, in seconds of the epoch.", type: int}
        finished: {description: "When it ended.", type: int}
        success: {description: "Whether it has done all it had to.", type: bool}
        message: {description: "What it has done, or why it failed.", type: str}
        last_success: {description: "When it succeeded last.", type: int}
        age: {description: "Seconds since then, V(null) for never.", type: int}
    backup_verify: {description: "The verification, with the same in it.", type: dict}
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.info_host import plan_info
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    options={
        "host": {"type": "str"},
        "limit": {"type": "int", "default": 5},
        "mailboxes": {"type": "bool", "default": False},
    },
)


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
