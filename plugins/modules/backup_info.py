#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: backup_info
short_description: Which backups of configurations there are
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Lists what the modules of this collection kept when they changed a configuration - when, why, and which files.
  - It changes nothing, and shows no content of files.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
attributes:
  check_mode:
    details: The module only reads.
  diff_mode:
    details: There is never a difference, because nothing is changed.
options:
  configuration:
    description:
      - List the backups of this configuration alone, as RV(backups[].configuration) names it.
      - All when left out.
    type: path
  backup_directory:
    description: Where the backups are.
    type: path
    default: /var/backups/postfix_manager
seealso:
  - module: postfix_manager.mail.postfix_config
  - module: postfix_manager.mail.dovecot_config
"""

EXAMPLES = r"""
- name: See what was changed in Postfix
  postfix_manager.mail.backup_info:
    configuration: /etc/postfix
  register: history

- name: Go back behind the second last change
  postfix_manager.mail.postfix_config:
    state: rolled_back
    backup_id: "{{ history.backups[1].id }}"
"""

RETURN = r"""
backups:
  description: The backups, newest first.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Its name, for O(postfix_manager.mail.postfix_config#module:backup_id).
      type: str
      sample: 20261123T093000Z-17
    time:
      description: When the change was made, in UTC.
      type: str
      sample: "2026-11-23T09:30:00Z"
    reason:
      description: What the change was, in words.
      type: str
      sample: "change /etc/postfix/main.cf: message_size_limit"
    configuration:
      description:
        - What it belongs to - the folder for Postfix, the main file for Dovecot, the file for aliases and certificates.
      type: str
      sample: /etc/postfix
    rolled_back:
      description: The backup that the change went back to, V(null) for a change that was no rollback.
      type: str
    path:
      description: Its folder.
      type: str
      sample: /var/backups/postfix_manager/20261123T093000Z-17
    files:
      description: The files that were changed.
      type: list
      elements: dict
      contains:
        path:
          description: The file.
          type: str
        existed:
          description: Whether it was there before. Going back removes one that was not.
          type: bool
        intact:
          description: Whether what was kept of it still has its checksum.
          type: bool
damaged:
  description: Folders whose manifest cannot be read. What was changed then is not known.
  returned: success
  type: list
  elements: str
summary:
  description: A line for each backup, newest first.
  returned: success
  type: list
  elements: str
  sample: ["20261123T093000Z-17 /etc/postfix: change /etc/postfix/main.cf: message_size_limit"]
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.backups import plan_info
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    options={
        "configuration": {"type": "path"},
        "backup_directory": {"type": "path", "default": "/var/backups/postfix_manager"},
    },
)


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
