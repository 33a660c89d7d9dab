#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_aliases
short_description: Manages a list of aliases in one call
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Creates, changes or deletes any number of aliases in one call.
  - The accounts live in a database with the tables of PostfixAdmin, or in a directory. Postfix and Dovecot look them up
    there at run time, and neither needs a reload.
  - All that is wrong with the list is reported at once, before any change.
  - A purge leaves the forwards of mailboxes and the catch-alls of domains alone.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.accounts
  - postfix_manager.mail.store
  - postfix_manager.mail.directory
  - postfix_manager.mail.purge
options:
  aliases:
    description: The aliases. The options of each are those of M(postfix_manager.mail.mail_alias).
    type: list
    elements: dict
    required: true
    suboptions:
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
  purge_domains:
    description: Limits O(purge) to these domains.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Have these aliases in one domain and no others
  postfix_manager.mail.mail_aliases:
    aliases:
      - address: sales@example.org
        destinations: [alice@example.org, bob@example.org]
      - address: postmaster@example.org
        destinations: [alice@example.org]
    purge: true
    purge_domains: [example.org]
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
deletions:
  description: What would be deleted, when that is more than O(max_deletions).
  returned: when nothing was changed for that reason
  type: list
  elements: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.accounts import plan_aliases
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.arguments import PURGE_DOMAINS
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.stores import store_lock
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    "store",
    "directory",
    "purge",
    options={"aliases": {"type": "list", "elements": "dict", "required": True}, **PURGE_DOMAINS},
)


def main() -> None:
    run_module(SPEC, plan_aliases, lock=store_lock, bulk="aliases")


if __name__ == "__main__":
    main()
