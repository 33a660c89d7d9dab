#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mailboxes
short_description: Manages a list of mailboxes in one call
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Creates, changes or deletes any number of mailboxes in one call. Ten thousand take seconds, not hours.
  - The accounts live in a database with the tables of PostfixAdmin, or in a directory. Postfix and Dovecot look them up
    there at run time, and neither needs a reload.
  - What an item does not give stays as it is. All that is wrong with the list is reported at once, before any change.
  - When a mailbox is deleted its mail stays, unless its item asks for the removal. Purged mailboxes leave their mail.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.accounts
  - postfix_manager.mail.store
  - postfix_manager.mail.directory
  - postfix_manager.mail.purge
options:
  mailboxes:
    description: The mailboxes. The options of each are those of M(postfix_manager.mail.mailbox).
    type: list
    elements: dict
    required: true
    suboptions:
      address:
        description:
          - Address of the mailbox. It is stored in lower case, a domain in Unicode in its ASCII form (IDNA).
          - The name before the C(@) may hold what is safe in the name of a folder, but no C(+), for what follows that
            is a detail that the sender chooses.
        type: str
        required: true
      state:
        description: Whether the mailbox shall exist.
        type: str
        choices: [present, absent]
        default: present
      password:
        description:
          - The password, in clear. It is stored as a hash of O(password_scheme).
          - A password that fits the stored hash is not changed.
        type: str
      password_hash:
        description:
          - The password as a hash, with or without Dovecot's C({SCHEME}) before it, such as one made by C(doveadm pw).
        type: str
      password_file:
        description:
          - A file on the target, readable by root alone, with the password in clear as its only line.
          - When it does not exist, it is written with a random password.
        type: path
      update_password:
        description:
          - Whether a declared password replaces another one that the mailbox has.
        type: str
        choices: [always, on_create]
      name:
        description: Name of the person.
        type: str
      quota:
        description:
          - How much mail the mailbox may hold, as bytes or such as V(500M) or V(2G). V(0) is unlimited.
          - The default for a new mailbox is C(mailbox_quota) of its domain.
        type: str
      enabled:
        description:
          - Whether the mailbox works at all. The default for a new mailbox is V(true).
        type: bool
      receive:
        description: Whether mail to the mailbox is accepted. The default for a new mailbox is V(true).
        type: bool
      send:
        description: Whether the mailbox may send mail. The default for a new mailbox is V(true).
        type: bool
      login:
        description: Whether mail may be read by IMAP or POP3. The default for a new mailbox is V(true).
        type: bool
      forward_to:
        description: Where mail is sent on to. An empty list ends that.
        type: list
        elements: str
      keep_copy:
        description:
          - Whether mail that is sent on is kept in the mailbox, too. The default for a new mailbox is V(true).
        type: bool
      send_as:
        description:
          - Addresses that the mailbox may send from, besides its own and those of aliases that lead to it.
          - V(@example.org) stands for all addresses in a domain that belong to nobody else.
        type: list
        elements: str
      host:
        description:
          - Who keeps the mail where several servers share the mailboxes, a C(ha_shard) of the role C(ha). Nothing else
            heeds it, and mail that is there already is not moved. An empty text takes it away.
        type: str
      delete_mail:
        description:
          - With O(mailboxes[].state=absent), remove the folder of the mailbox with all mail, also when the mailbox is
            gone already. Without it the mail stays.
        type: bool
        default: false
  update_password:
    description: Whether a declared password replaces another one that a mailbox has, for items that do not say it.
    type: str
    choices: [always, on_create]
    default: always
  purge_domains:
    description: Limits O(purge) to these domains.
    type: list
    elements: str
  password_scheme:
    description: How passwords that are given in clear are hashed. Stored hashes of other schemes stay as they are.
    type: str
    choices: [SHA512-CRYPT, BLF-CRYPT]
    default: SHA512-CRYPT
  mail_directory:
    description: The folder below which all mail lies.
    type: path
    default: /var/vmail
"""

EXAMPLES = r"""
- name: Have these mailboxes
  postfix_manager.mail.mailboxes:
    mailboxes:
      - address: alice@example.org
        password: "{{ alice_password }}"
        send_as: [sales@example.org]
      - address: bob@example.org
        password_hash: "{{ bob_password_hash }}"
        quota: 2G

- name: Have these mailboxes in one domain and no others, and leave other domains alone
  postfix_manager.mail.mailboxes:
    mailboxes: "{{ people }}"
    update_password: on_create
    purge: true
    purge_domains: [example.org]
    max_deletions: 25
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
mailboxes:
  description: What was done to mailboxes, or would be done in check mode.
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

from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.accounts import plan_mailboxes
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.arguments import (
    MAIL_DIRECTORY,
    PASSWORD_SCHEME,
    PURGE_DOMAINS,
    UPDATE_PASSWORD,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.stores import store_lock
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    "store",
    "directory",
    "purge",
    options={
        "mailboxes": {"type": "list", "elements": "dict", "required": True, "no_log": True},
        **UPDATE_PASSWORD,
        **PURGE_DOMAINS,
        **PASSWORD_SCHEME,
        **MAIL_DIRECTORY,
    },
)


def main() -> None:
    run_module(SPEC, plan_mailboxes, lock=store_lock, bulk="mailboxes")


if __name__ == "__main__":
    main()
