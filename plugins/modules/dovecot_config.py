#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dovecot_config
short_description: The configuration of Dovecot, whole
description:
  - Renders nested settings as one configuration file for Dovecot 2.3 or 2.4, with the files that it needs beside it.
  - The module owns these files, what is not declared is not in them.
    Anything that the file included before is out of effect.
  - The files are staged in a private folder, checked by C(doveconf) and by checks for what it lets through, and swapped
    in together. All errors are reported at once, each with the option that it came from.
  - Dovecot is neither reloaded nor restarted, the return values say what it needs.
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
options:
  path:
    description: The configuration file. Its folder comes with the package C(dovecot-core).
    type: path
    default: /etc/dovecot/dovecot.conf
  version:
    description:
      - The Dovecot to write for.
      - V(auto) is the installed one. Where none is installed, it is the one that Debian brings,
        2.3 for Debian 12 and 2.4 from Debian 13 on.
    type: str
    choices: [auto, "2.3", "2.4"]
    default: auto
  settings:
    description:
      - Settings and sections under the names that Dovecot gives them, in the order in which they are to be written.
      - A boolean becomes C(yes) or C(no), a list of words is joined by blanks, and a setting that is null is left out.
      - A dictionary is a section. Its key is the kind, and the name where it has one, as in C(service imap-login) or
        C(mailbox Sent Messages). A list of dictionaries is several sections with the same key.
      - Values are quoted where they must be. A word like C($default_internal_user) for 2.3 or C($SET:hostname) for 2.4
        refers to another setting, and a value like C(</path/to/file) stands for the content of that file.
      - For 2.4, C(dovecot_config_version) and C(dovecot_storage_version) come first by themselves. Where they are not
        given, they stay what the present file says, or become 2.4.0.
      - Required for O(state=present).
    type: dict
  secrets:
    description:
      - Settings that nobody may see, nested like O(settings) and laid over it.
      - They are taken as they are, without references to settings or files. They are shown nowhere.
      - A file that holds one is for root alone, mode 0600. Otherwise it is readable for all, mode 0644.
    type: dict
  files:
    description: Files that the configuration refers to, and that change together with it.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: The file, relative to the folder of O(path).
        type: path
        required: true
      settings:
        description: The settings of an external lookup file of 2.3, such as C(dovecot-sql.conf.ext).
        type: dict
      secrets:
        description: Settings laid over O(files[].settings) that nobody may see. See O(secrets).
        type: dict
      content:
        description: The text of any other file, such as a Sieve script, which is compiled to check it.
        type: str
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
  - postfix_manager.mail.rollback
  - postfix_manager.mail.findings
seealso:
  - name: Settings of Dovecot
    description: Every setting of Dovecot 2.4.
    link: https://doc.dovecot.org/latest/core/summaries/settings.html
"""

EXAMPLES = r"""
- name: Mailboxes of system users over IMAP, on Dovecot 2.4
  postfix_manager.mail.dovecot_config:
    settings:
      protocols: [imap]
      ssl: required
      ssl_server_cert_file: /etc/dovecot/private/dovecot.pem
      ssl_server_key_file: /etc/dovecot/private/dovecot.key
      mail_driver: maildir
      mail_path: ~/Maildir
      mail_plugins: [quota]
      passdb pam: {}
      userdb passwd: {}
      quota User quota:
        driver: count
        storage_size: 1G
      protocol imap:
        mail_plugins: [quota, imap_quota]
      service imap-login:
        inet_listener imap:
          port: 0

- name: Mailboxes in a database and of system users, on Dovecot 2.3, with a password that nobody sees
  postfix_manager.mail.dovecot_config:
    settings:
      protocols: [imap]
      ssl: required
      ssl_cert: </etc/dovecot/private/dovecot.pem
      ssl_key: </etc/dovecot/private/dovecot.key
      mail_location: maildir:~/Maildir
      passdb:
        - driver: sql
          args: /etc/dovecot/dovecot-sql.conf.ext
        - driver: pam
      userdb:
        driver: passwd
    secrets:
      doveadm_password: "{{ dovecot_doveadm_password }}"
    files:
      - path: dovecot-sql.conf.ext
        settings:
          driver: sqlite
          connect: /var/lib/postfix_manager/accounts.sqlite
          password_query: SELECT username AS user, password FROM mailbox WHERE username = '%u'

- name: Go back to the configuration before a certain change
  postfix_manager.mail.dovecot_config:
    state: rolled_back
    backup_id: 20261123T093000Z-17
"""

RETURN = r"""
actions:
  description: What was done, or in check mode would be.
  type: list
  elements: str
  returned: success
  sample: [replace /etc/dovecot/dovecot.conf]
version:
  description: The Dovecot that the files are written for, 2.3 or 2.4.
  type: str
  returned: success
  sample: "2.4"
version_source:
  description: How the version was found, V(installed), V(distribution) or V(option).
  type: str
  returned: success
  sample: installed
reload_required:
  description: Whether Dovecot must read its configuration again.
  type: bool
  returned: success
restart_required:
  description: Whether a reload is not enough, because a setting changed that Dovecot only applies when it starts.
  type: bool
  returned: success
backup_id:
  description: The name of the backup of what was replaced, for O(backup_id) of a rollback.
  returned: when files were changed and O(backup) is true
  type: str
  sample: 20261123T093000Z-17
backup_path:
  description: Its folder.
  returned: when files were changed and O(backup) is true
  type: str
  sample: /var/backups/postfix_manager/20261123T093000Z-17
rolled_back:
  description: The backup that was gone back to, V(null) when the last change was a rollback already.
  returned: when O(state=rolled_back)
  type: str
  sample: 20261123T093000Z-17
findings:
  description:
    - What the checks found. Findings of the severity V(error) fail the task.
    - Findings of the severity V(missing) say what the host lacks. They fail the task too, but not in check mode, where
      an earlier task may have only announced what is missing.
    - Findings of the severity V(warning) are shown as warnings.
  type: list
  elements: dict
  returned: always when the configuration was checked
  contains:
    code:
      description: The kind of finding.
      type: str
    severity:
      description: V(error), V(missing) or V(warning).
      type: str
    message:
      description: What is wrong.
      type: str
    cure:
      description: What to do.
      type: str
    file:
      description: The file, where it would be.
      type: str
    line:
      description: The line of the rendered file, null when there is no one line.
      type: int
    option:
      description: The option that the line came from.
      type: str
      sample: settings.service imap-login.client_limit
    name:
      description: The name of the setting.
      type: str
    value:
      description: The value of the setting, null for a secret.
      type: str
"""

import os
from typing import Any

from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.planning import plan
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    "backup",
    "rollback",
    "findings",
    options={
        "path": {"type": "path", "default": "/etc/dovecot/dovecot.conf"},
        "version": {"type": "str", "choices": ["auto", "2.3", "2.4"], "default": "auto"},
        "settings": {"type": "dict"},
        "secrets": {"type": "dict", "no_log": True},
        "files": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "path": {"type": "path", "required": True},
                "settings": {"type": "dict"},
                "secrets": {"type": "dict", "no_log": True},
                "content": {"type": "str"},
            },
        },
    },
    required_if=[("state", "present", ["settings"])],
)


def directory(params: dict[str, Any]) -> str:
    return os.path.dirname(params["path"])


def main() -> None:
    run_module(SPEC, plan, lock=directory)


if __name__ == "__main__":
    main()
