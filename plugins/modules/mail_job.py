#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_job
short_description: A command that a timer of systemd starts again and again
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Writes a service and its timer, and has the timer wait, on a host where they do not exist yet too.
  - A run that was due while the host was off is made up for.
  - C(systemctl start NAME.service) runs the job now and fails when it does.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
options:
  name:
    description: The name of both units, without an ending.
    type: str
    required: true
  description:
    description: What the job does, for C(systemctl list-timers). Left out, it is O(name).
    type: str
  command:
    description: The program with its whole path, and its arguments. No secrets, they would be readable.
    type: list
    elements: str
    required: true
  schedule:
    description: When it runs, a calendar event as systemd.time(7) describes it.
    type: str
    required: true
  random_delay:
    description: Up to how many seconds later it starts, so that many hosts do not start at once.
    type: int
    default: 0
  state:
    description: Whether there shall be such a job.
    type: str
    choices: [present, absent]
    default: present
notes:
  - Needs root.
"""

EXAMPLES = r"""
- name: Verify the backup each Sunday
  postfix_manager.mail.mail_job:
    name: postfix-manager-backup-verify
    description: Verification of the backup
    command: [/usr/local/sbin/postfix-manager-backup, verify]
    schedule: Sun 04:30
    random_delay: 1800
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["write backup.service, backup.timer", "start backup.timer"]
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._service.jobs_host import plan_job

SPEC = module_spec(
    options={
        "name": {"type": "str", "required": True},
        "description": {"type": "str"},
        "command": {"type": "list", "elements": "str", "required": True},
        "schedule": {"type": "str", "required": True},
        "random_delay": {"type": "int", "default": 0},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
)


def main() -> None:
    run_module(SPEC, plan_job)


if __name__ == "__main__":
    main()
