#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: virtual_domains
short_description: Manages a list of virtual domains in one call
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Creates, changes or deletes any number of domains in one call.
  - The accounts live in a database with the tables of PostfixAdmin, or in a directory. Postfix and Dovecot look them up
    there at run time, and neither needs a reload.
  - What an item does not give stays as it is. All that is wrong with the list is reported at once, before any change.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.accounts
  - postfix_manager.mail.store
  - postfix_manager.mail.directory
  - postfix_manager.mail.purge
options:
  domains:
    description: The domains. The options of each are those of M(postfix_manager.mail.virtual_domain).
    type: list
    elements: dict
    required: true
    suboptions:
      domain:
        description:
          - Name of the domain. One in Unicode is stored in its ASCII form (IDNA).
        type: str
        required: true
      state:
        description: Whether the domain shall exist.
        type: str
        choices: [present, absent]
        default: present
      description:
        description: What people shall know about the domain.
        type: str
      enabled:
        description:
          - Whether the domain takes mail and its mailboxes work. The default for a new domain is V(true).
        type: bool
      max_mailboxes:
        description: How many mailboxes the domain may have. V(0) is unlimited, V(-1) is none.
        type: int
      max_aliases:
        description: How many aliases the domain may have. V(0) is unlimited, V(-1) is none.
        type: int
      quota:
        description:
          - What the quotas of all its mailboxes may add up to, as bytes or such as V(500M) or V(20G), in whole MiB.
          - V(0) is unlimited.
        type: str
      mailbox_quota:
        description:
          - Quota of a new mailbox that names none, written as O(domains[].quota). V(0) is unlimited.
          - PostfixAdmin's interface also takes it as the largest quota of a mailbox.
        type: str
      alias_of:
        description:
          - Makes the domain an alias of another one. Mail to it goes to the same name in the other domain.
          - An empty text ends that.
        type: str
      catch_all:
        description:
          - Where mail goes that is for no mailbox and no alias of the domain. An empty list ends that.
        type: list
        elements: str
  recursive:
    description:
      - Delete a domain together with its mailboxes and aliases. Otherwise a domain that has any is not deleted.
      - Domains that are aliases of it stay, as domains of their own.
      - The mail always stays, see RV(mail_left).
    type: bool
    default: false
  mail_directory:
    description: The folder below which all mail lies.
    type: path
    default: /var/vmail
"""

EXAMPLES = r"""
- name: Serve exactly these domains
  postfix_manager.mail.virtual_domains:
    domains:
      - domain: example.org
        mailbox_quota: 2G
        catch_all: [postmaster@example.org]
      - domain: example.net
        alias_of: example.org
    purge: true
    max_deletions: 1
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
domains:
  description: What was done to domains, or would be done in check mode.
  returned: success
  type: dict
  contains:
    created: {description: New ones., type: list, elements: str}
    updated: {description: Changed ones., type: list, elements: str}
    deleted: {description: Deleted ones., type: list, elements: str}
mailboxes:
  description: What was done to mailboxes of deleted domains, or would be done in check mode.
  returned: success
  type: dict
  contains:
    created: {description: New ones., type: list, elements: str}
    updated: {description: Changed ones., type: list, elements: str}
    deleted: {description: Deleted ones., type: list, elements: str}
aliases:
  description: What was done to aliases of deleted domains, or would be done in check mode.
  returned: success
  type: dict
  contains:
    created: {description: New ones., type: list, elements: str}
    updated: {description: Changed ones., type: list, elements: str}
    deleted: {description: Deleted ones., type: list, elements: str}
mail_left:
  description: Folders with the mail of deleted mailboxes, which stay.
  returned: success
  type: list
  elements: str
  sample: [/var/vmail/example.org/alice]
deletions:
  description: What would be deleted, when that is more than O(max_deletions).
  returned: when nothing was changed for that reason
  type: list
  elements: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.accounts import plan_domains
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.arguments import MAIL_DIRECTORY, RECURSIVE
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.stores import store_lock
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    "store",
    "directory",
    "purge",
    options={"domains": {"type": "list", "elements": "dict", "required": True}, **RECURSIVE, **MAIL_DIRECTORY},
)


def main() -> None:
    run_module(SPEC, plan_domains, lock=store_lock, bulk="domains")


if __name__ == "__main__":
    main()
