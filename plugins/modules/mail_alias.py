#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_alias
short_description: Manages one alias
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Creates, changes or deletes an alias in a domain of M(postfix_manager.mail.virtual_domain).
  - The accounts live in a database with the tables of PostfixAdmin, or in a directory. Postfix and Dovecot look them up
    there at run time, and neither needs a reload.
  - Whoever owns a mailbox that an alias leads to may also send from the address of the alias.
  - To send on the mail of a mailbox use C(forward_to) of M(postfix_manager.mail.mailbox).
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.accounts
  - postfix_manager.mail.store
  - postfix_manager.mail.directory
options:
  address:
    description:
      - Address of the alias, stored in lower case, a domain in Unicode in its ASCII form (IDNA).
      - V(@example.org) is the catch-all of a domain, see C(catch_all) of M(postfix_manager.mail.virtual_domain).
    type: str
    required: true
  state:
    description: Whether the alias shall exist.
    type: str
    choices: [present, absent]
    default: present
  destinations:
    description:
      - Where mail to the alias goes, these addresses and no others. Required for a new alias.
    type: list
    elements: str
  enabled:
    description: Whether the alias works. The default for a new alias is V(true).
    type: bool
"""

EXAMPLES = r"""
- name: Have an address for a team
  postfix_manager.mail.mail_alias:
    address: sales@example.org
    destinations: [alice@example.org, bob@example.org]

- name: Delete an alias
  postfix_manager.mail.mail_alias:
    address: info@example.org
    state: absent
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
aliases:
  description: What was done to aliases, or would be done in check mode.
  returned: success
  type: dict
  contains:
    created: {description: New ones., type: list, elements: str}
    updated: {description: Changed ones., type: list, elements: str}
    deleted: {description: Deleted ones., type: list, elements: str}
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.accounts import plan_aliases
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.arguments import ALIAS
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.stores import store_lock
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("store", "directory", options={**ALIAS})


def main() -> None:
    run_module(SPEC, plan_aliases, lock=store_lock)


if __name__ == "__main__":
    main()
