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
  - Counts what happened to mail on a host, from the logs of Postfix and Dovecot - messages received, delivered,
    bounced, deferred, expired, rejected and why; delays, sizes, senders, recipients, clients.
  - It reads several hundred megabytes in seconds and keeps its memory bounded.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.privacy
attributes:
  check_mode:
    details: The module only reads.
  diff_mode:
    details: There is never a difference, because nothing is changed.
options:
  paths:
    description: Log files, the oldest first. They may be packed by gzip, xz or zstd.
    type: list
    elements: path
    required: true
  rotated:
    description: Read the rotated logs beside each of O(paths), too, the oldest first.
    type: bool
    default: false
  since:
    description: Leave out what is older. A date, a date and time, or an age such as V(2h) or V(7d).
    type: str
  until:
    description: Leave out what is newer, written like O(since).
    type: str
  instance:
    description: Count this instance of Postfix alone, by its C(syslog_name), such as V(postfix-out).
    type: str
  top:
    description: How many lines each table has.
    type: int
    default: 20
  brute_force_threshold:
    description: How many failed logins make an address a candidate for RV(brute_force).
    type: int
    default: 10
seealso:
  - module: postfix_manager.mail.mail_probe
"""

EXAMPLES = r"""
- name: See what happened to mail today
  postfix_manager.mail.mail_log_info:
    paths: [/var/log/mail.log]
    since: 24h
  register: log
"""

RETURN = r"""
messages:
  description: How many messages were received, delivered and so on.
  returned: success
  type: dict
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
        "trace": {
            "type": "dict",
            "options": {"message_id": {"type": "str"}, "queue_id": {"type": "str"}, "address": {"type": "str"}},
        },
    },
)


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
