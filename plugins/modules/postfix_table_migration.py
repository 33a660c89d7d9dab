#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: postfix_table_migration
short_description: All lookup tables of Postfix from hash and btree to lmdb or cdb
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Distributions drop Berkeley DB, and with it the table types C(hash) and C(btree). This module finds every table of
    these types that the configuration names, builds it with another type from its text, and switches all that names it.
  - Tables are found in main.cf, in built-in defaults that count, in overrides and arguments in master.cf, and in
    restrictions that access tables give; alone, in lists, behind C(proxy:), in C(unionmap:) and C(pipemap:), and made
    of references to other parameters. C(default_database_type) is switched too.
  - The new indices are built beside the old ones, where nothing reads them yet, and every key in them is looked up.
    Then main.cf and master.cf are switched in one staged change, checked like those of
    M(postfix_manager.mail.postfix_config). Comments, order and layout stay.
  - Only the texts count, so it also works where Postfix cannot read the old types any more. Where it can, a table whose
    index differs from its text stays as it is, since nobody knows which of the two is meant.
  - Such tables and those without a text are listed in RV(undecided) and stay as they are. Caches that Postfix fills
    itself, such as those of TLS sessions, have no text and are only renamed.
  - In check mode it is a dry run that lists everything.
  - The module does not reload Postfix. M(postfix_manager.mail.mail_service) does.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
  - postfix_manager.mail.findings
  - postfix_manager.mail.instance
options:
  from_types:
    description: The types to leave.
    type: list
    elements: str
    choices: [hash, btree, lmdb, cdb]
    default: [hash, btree]
  to:
    description: The type to have instead. It must be installed, V(lmdb) with the package postfix-lmdb for example.
    type: str
    choices: [lmdb, cdb, hash, btree]
    default: lmdb
  cache_to:
    description: The type to have instead for caches that Postfix fills itself, for which V(cdb) cannot be used.
    type: str
    choices: [lmdb, hash, btree]
    default: lmdb
  ignore:
    description: Shell patterns of paths of tables to leave alone.
    type: list
    elements: str
    default: []
  remove_old_indices:
    description: Remove the indices of the old types of tables that are named with the new type alone.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: List what would be switched
  postfix_manager.mail.postfix_table_migration:
  check_mode: true
  register: migration

- name: Switch everything but what another program writes
  postfix_manager.mail.postfix_table_migration:
    ignore: [/var/lib/mailman/*]
    remove_old_indices: true
  register: migration

- name: Have Postfix run with it
  postfix_manager.mail.mail_service:
    name: postfix.service
    reload: "{{ migration.reload_required }}"
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["build /etc/aliases.lmdb", "switch to lmdb in /etc/postfix/main.cf"]
references:
  description: What is switched, and where.
  returned: success
  type: list
  elements: dict
  contains:
    place: {description: The file and the parameter or service., type: str, sample: "main.cf: alias_maps"}
    path: {description: "The table, nothing for C(default_database_type).", type: str, sample: /etc/aliases}
    from: {description: Its old type., type: str, sample: hash}
    to: {description: Its new type., type: str, sample: lmdb}
    kind:
      description: V(table), V(cache), V(default), or V(prefix) for what other parameters go on with.
      type: str
      sample: table
tables:
  description: Indices that are built, and texts that change since they name other tables.
  returned: success
  type: list
  elements: str
  sample: [/etc/aliases.lmdb]
undecided:
  description: Tables that stay as they are until somebody decides.
  returned: success
  type: list
  elements: dict
  contains:
    path: {description: The table., type: str}
    places: {description: Where it is named., type: list, elements: str}
    reason: {description: Why it stays., type: str}
    cure: {description: What to do about it., type: str}
removed:
  description: Old indices that are removed.
  returned: success
  type: list
  elements: str
reload_required:
  description: Whether a running Postfix has to take the change over.
  returned: success
  type: bool
findings:
  description: What the checks of the changed configuration found, as M(postfix_manager.mail.postfix_config) returns it.
  returned: success
  type: list
  elements: dict
backup_id:
  description: The name of the backup of what was replaced.
  returned: when files were changed and O(backup) is true
  type: str
backup_path:
  description: Its folder.
  returned: when files were changed and O(backup) is true
  type: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.instance_host import configuration_directory
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.migration_host import plan_migration

TYPES = ["hash", "btree", "lmdb", "cdb"]
SPEC = module_spec(
    "backup",
    "findings",
    "instance",
    options={
        "from_types": {"type": "list", "elements": "str", "choices": TYPES, "default": ["hash", "btree"]},
        "to": {"type": "str", "choices": ["lmdb", "cdb", "hash", "btree"], "default": "lmdb"},
        "cache_to": {"type": "str", "choices": ["lmdb", "hash", "btree"], "default": "lmdb"},
        "ignore": {"type": "list", "elements": "str", "default": []},
        "remove_old_indices": {"type": "bool", "default": False},
    },
)


def main() -> None:
    run_module(SPEC, plan_migration, lock=configuration_directory)


if __name__ == "__main__":
    main()
