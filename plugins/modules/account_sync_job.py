#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: account_sync_job
short_description: What a timer needs to let one store of accounts follow another
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Writes the options of a synchronisation to a file that root alone can read, and the program that obeys them,
    C(/usr/local/sbin/postfix-manager-account-sync). It does what M(postfix_manager.mail.account_sync) does.
  - The role C(account_sync) has a timer start it.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.accounts
  - postfix_manager.mail.account_sync
  - postfix_manager.mail.store
  - postfix_manager.mail.directory
options:
  live:
    description:
      - Whether the program goes on to run, and follows each change of a directory within seconds. The server needs the
        overlay C(syncprov). The timer then starts it again should it ever end.
    type: bool
    default: false
  state:
    description: Whether there shall be such a job.
    type: str
    choices: [present, absent]
    default: present
notes:
  - Needs root.
"""

EXAMPLES = r"""
- name: Have what the timer needs
  postfix_manager.mail.account_sync_job:
    name: company
    live: true
    source:
      server_uri: [ldaps://ldap.example.org]
      base: ou=staff,dc=example,dc=org
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["write /etc/postfix_manager/account_sync/company.json"]
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sync.job import plan_job
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    "account_sync",
    "store",
    "directory",
    options={
        "live": {"type": "bool", "default": False},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
)


def main() -> None:
    run_module(SPEC, plan_job)


if __name__ == "__main__":
    main()
