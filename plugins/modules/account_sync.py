#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: account_sync
short_description: Lets one store of accounts follow another
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Reads accounts from a directory or a database, and makes those of the destination like them.
  - Accounts are known by an identity that stays. Who moves in the directory, or gets another address, keeps the mailbox
    with its mail.
  - A source that is empty, cannot be read whole, or lacks too many accounts changes nothing.
  - Check mode is a dry run, with the same report of each decision.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.accounts
  - postfix_manager.mail.account_sync
  - postfix_manager.mail.store
  - postfix_manager.mail.directory
options: {}
notes:
  - Needs root. What is remembered between runs is in C(/var/lib/postfix_manager/sync), readable by root alone.
  - The module M(postfix_manager.mail.account_sync_job) has a timer do the same.
"""

EXAMPLES = r"""
- name: Have the accounts of the company's directory in the mail server's database
  postfix_manager.mail.account_sync:
    name: company
    source:
      server_uri: [ldaps://ldap.example.org]
      bind_dn: cn=reader,dc=example,dc=org
      bind_password: "{{ vault_reader_password }}"
      base: ou=staff,dc=example,dc=org
      filter: (&(objectClass=inetOrgPerson)(mail=*))
      identity: employeeNumber
      mapping:
        address: "{uid}@example.org"
        name: "{givenName} {sn}"
        quota: 5G

- name: Move to another database step by step
  postfix_manager.mail.account_sync:
    name: old
    source: {store: sqlite, database: /srv/old/postfixadmin.db}
    create_domains: true
    vanished: keep
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
decisions:
  description: Each decision with its reason; an account that is as it shall be has none.
  returned: success
  type: list
  elements: dict
  contains:
    decision:
      description: One of created, updated, renamed, moved, disabled, deleted, conflict and skipped.
      type: str
    address: {description: The account., type: str}
    identity: {description: By what it is known., type: str}
    reason: {description: Why., type: str}
counts:
  description: How many accounts the source has, as C(seen), and how many decisions there were of each kind.
  returned: success
  type: dict
  sample: {"seen": 120, "created": 2, "updated": 0}
deletions:
  description: Who would be disabled or deleted, when that is more than O(max_deletions).
  returned: when nothing was changed for that reason
  type: list
  elements: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sync.planning import (
    plan_sync,
    sync_lock,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("account_sync", "store", "directory", options={})


def main() -> None:
    run_module(SPEC, plan_sync, lock=sync_lock)


if __name__ == "__main__":
    main()
