#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_backup
short_description: What the backup of a mail host needs on it
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Writes the settings, the password and the program of the backup, and creates the repository when there is none.
  - The program C(postfix-manager-backup) does the work, with the argument C(run) or C(verify). The role
    P(postfix_manager.mail.backup#role) has timers start it.
  - The repository is one of restic, encrypted and deduplicated. It is opened before anything is written, so a wrong
    password changes nothing.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
options:
  repository:
    description:
      - Where the repository is, a path or an address as restic takes it, such as V(sftp:user@host:/path),
        V(rest:https://host/path) or V(s3:https://host/bucket).
      - An address with a password in it is refused. Give it as E(RESTIC_REPOSITORY) in O(credentials).
    type: str
    required: true
  password:
    description:
      - The password of the repository, 8 characters at least. It is kept in a file for root alone.
      - Keep it elsewhere, too. Without it nothing can be restored.
    type: str
    required: true
  credentials:
    description:
      - Variables of the environment that restic needs to reach the repository, such as E(AWS_ACCESS_KEY_ID) and
        E(AWS_SECRET_ACCESS_KEY). They are kept in a file for root alone.
    type: dict
    default: {}
  create:
    description: Whether to create the repository when there is none.
    type: bool
    default: true
  host:
    description: The name that snapshots of this host carry. It must stay when the host is rebuilt.
    type: str
    required: true
  mail_directory:
    description: The folder of all mail, as Maildir. Backups are put together in it, in C(.postfix_manager).
    type: path
    default: /var/vmail
  database:
    description: The SQLite database of the accounts. An empty one, or one that does not exist, is left out.
    type: path
    default: /var/lib/postfix_manager/accounts.sqlite
  queue_directory:
    description: The queue of Postfix. An empty one is left out.
    type: path
    default: /var/spool/postfix
  postgresql_databases:
    description: Databases that C(pg_dump) saves, as user postgres on this host.
    type: list
    elements: str
    default: []
  paths:
    description:
      - Files and folders that are saved as they are. Those that do not exist are left out.
      - The role P(postfix_manager.mail.openldap#role) leaves backups of the directory in C(/var/backups/openldap).
    type: list
    elements: path
    default:
      - /etc/postfix
      - /etc/dovecot
      - /etc/postfix_manager
      - /etc/ssl/postfix_manager
      - /etc/aliases
      - /etc/ldap
      - /var/backups/openldap
  keep:
    description:
      - How many snapshots to keep - the C(last) ones, and the last of so many hours, days, weeks, months and years as
        C(hourly), C(daily), C(weekly), C(monthly) and C(yearly).
    type: dict
    default: {last: 7, daily: 7, weekly: 5, monthly: 12}
  verify_data:
    description: How much of the data in the repository a verification reads, chosen at random.
    type: str
    default: 5%
  verify_mailboxes:
    description: How many mailboxes a verification restores and compares, chosen at random.
    type: int
    default: 3
notes:
  - Needs root.
seealso:
  - module: postfix_manager.mail.mail_backup_info
"""

EXAMPLES = r"""
- name: Back up to a disk
  postfix_manager.mail.mail_backup:
    repository: /srv/backup/mail
    password: "{{ vault_backup_password }}"
    host: mail.example.org

- name: Back up to a bucket
  postfix_manager.mail.mail_backup:
    repository: s3:https://s3.example.org/mail-backup
    credentials:
      AWS_ACCESS_KEY_ID: mail
      AWS_SECRET_ACCESS_KEY: "{{ vault_backup_key }}"
    password: "{{ vault_backup_password }}"
    host: mail.example.org
    keep: {last: 3, daily: 14, monthly: 24}
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: [create the repository /srv/backup/mail]
repository:
  description: The address of the repository, without a password.
  returned: success
  type: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.planning_host import plan_backup
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

PATHS = [
    "/etc/postfix",
    "/etc/dovecot",
    "/etc/postfix_manager",
    "/etc/ssl/postfix_manager",
    "/etc/aliases",
    "/etc/ldap",
    "/var/backups/openldap",
]
SPEC = module_spec(
    options={
        "repository": {"type": "str", "required": True},
        "password": {"type": "str", "required": True, "no_log": True},
        "credentials": {"type": "dict", "default": {}, "no_log": True},
        "create": {"type": "bool", "default": True},
        "host": {"type": "str", "required": True},
        "mail_directory": {"type": "path", "default": "/var/vmail"},
        "database": {"type": "path", "default": "/var/lib/postfix_manager/accounts.sqlite"},
        "queue_directory": {"type": "path", "default": "/var/spool/postfix"},
        "postgresql_databases": {"type": "list", "elements": "str", "default": []},
        "paths": {"type": "list", "elements": "path", "default": PATHS},
        "keep": {"type": "dict", "default": {"last": 7, "daily": 7, "weekly": 5, "monthly": 12}},
        "verify_data": {"type": "str", "default": "5%"},
        "verify_mailboxes": {"type": "int", "default": 3},
    },
)


def main() -> None:
    run_module(SPEC, plan_backup)


if __name__ == "__main__":
    main()
