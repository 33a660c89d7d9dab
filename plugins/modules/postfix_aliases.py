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
  - For addresses in virtual domains use M(postfix_manager.mail.mail_alias).
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
options:
  aliases:
    description:
      - Name to destination, or to a list of them. V(null) removes an alias.
    type: dict
    required: true
  path:
    description: The alias file.
    type: path
    default: /etc/aliases
  purge:
    description: Remove aliases that are not declared.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Send root's mail to the people who run the host
  postfix_manager.mail.postfix_aliases:
    aliases:
      root: [alice@example.org, bob@example.org]
      postmaster: root
      nobody: null
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["change /etc/aliases"]
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

import os

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.alias_host import plan_aliases

SPEC = module_spec(
    "backup",
    options={
        "aliases": {"type": "dict", "required": True},
        "path": {"type": "path", "default": "/etc/aliases"},
        "purge": {"type": "bool", "default": False},
    },
)


def main() -> None:
    run_module(SPEC, plan_aliases, lock=lambda params: os.path.dirname(params["path"]))


if __name__ == "__main__":
    main()
