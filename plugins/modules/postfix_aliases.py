#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: postfix_aliases
short_description: Aliases of the host's own users in /etc/aliases
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Declares entries of the file that aliases(5) describes. Its index is built beside and put into place together
    with the text, so local mail never waits for C(newaliases).
  - Comments, order and undeclared entries stay. A missing or stale index is rebuilt.
  - Everything that is wrong with the aliases is reported at once, before anything is touched. What Postfix has against
    an alias that was there before is a warning.
  - For other tables use M(postfix_manager.mail.postfix_table), for addresses in virtual domains
    M(postfix_manager.mail.mail_alias).
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
  - postfix_manager.mail.instance
  - postfix_manager.mail.purge
options:
  aliases:
    description:
      - Name to destination, or to a list of them. V(null) removes an alias.
    type: dict
    required: true
  path:
    description: The alias file. Main.cf has to name it in C(alias_maps), and another one than this default too.
    type: path
    default: /etc/aliases
  type:
    description: The type of the index. Left out, it is C(default_database_type) of the instance.
    type: str
    choices: [lmdb, hash, btree, cdb]
"""

EXAMPLES = r"""
- name: Send root's mail to the people who run the host
  postfix_manager.mail.postfix_aliases:
    aliases:
      root: [alice@example.org, bob@example.org]
      postmaster: root
      nobody: null

- name: Declare all aliases of an instance that receives mail for lists
  postfix_manager.mail.postfix_aliases:
    path: /etc/postfix-lists/aliases
    instance: postfix-lists
    aliases:
      announce: :include:/etc/postfix-lists/announce
    purge: true
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["write /etc/aliases: 1 changed"]
entries:
  description: How many aliases differ.
  returned: success
  type: dict
  contains:
    added: {description: New ones., type: int}
    changed: {description: Those that lead elsewhere., type: int}
    removed: {description: Those that go., type: int}
path:
  description: The alias file.
  returned: success
  type: str
type:
  description: The type of the index, nothing when Postfix, which would say it, is not installed yet.
  returned: success
  type: str
  sample: hash
reload_required:
  description: Whether a running Postfix has to be told, because there was no file or index before.
  returned: success
  type: bool
deletions:
  description: What would be deleted, when that is more than O(max_deletions).
  returned: when nothing was changed for that reason
  type: list
  elements: str
backup_id:
  description: The name of the backup of what was replaced.
  returned: when files were changed and O(backup) is true
  type: str
  sample: 20261123T093000Z-17
backup_path:
  description: Its folder.
  returned: when files were changed and O(backup) is true
  type: str
  sample: /var/backups/postfix_manager/20261123T093000Z-17
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.alias_host import alias_home, plan_aliases

SPEC = module_spec(
    "backup",
    "instance",
    "purge",
    options={
        "aliases": {"type": "dict", "required": True},
        "path": {"type": "path", "default": "/etc/aliases"},
        "type": {"type": "str", "choices": ["lmdb", "hash", "btree", "cdb"]},
    },
)


def main() -> None:
    run_module(SPEC, plan_aliases, lock=alias_home)


if __name__ == "__main__":
    main()
