#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_restore
short_description: Bring messages, mailboxes, domains, accounts and files back from a backup
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Adds what a snapshot has and the host lacks. Nothing that is there is deleted or overwritten, but for accounts with
    O(accounts=replaced) and files with O(paths).
  - Everything is restored beside the mail first and looked at, then each message is renamed into its folder while
    Dovecot runs. A repository that is damaged or cannot be opened is an error before anything is touched. After an
    interruption the same call completes it.
  - Flags and keywords come back with a message. UIDs do where the folder is new or has another UIDVALIDITY, as on a
    host that was rebuilt; elsewhere Dovecot gives new ones, as clients were told that the old ones are gone.
  - A message is there when its folder has its file, under any flags, or when the snapshot's message was moved to
    another folder.
  - Mail is that below C(DOMAIN/LOCALPART) in the mail directory, as Maildir.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
attributes:
  check_mode:
    details: Reads the repository, and says what would come back.
options:
  mailboxes:
    description: Addresses of the mailboxes to bring back.
    type: list
    elements: str
    default: []
  domains:
    description: Domains whose mailboxes to bring back, all that the snapshot has.
    type: list
    elements: str
    default: []
  all_mail:
    description:
      - Bring back every mailbox.
      - After that, backups of this host go on. Until then a host that was rebuilt refuses to make any.
    type: bool
    default: false
  search:
    description:
      - Bring back messages of the one mailbox in O(mailboxes) alone, those with this C(message_id), or with C(subject)
        in their subject, in this C(folder) when it is given.
      - Newer mail does not matter then.
    type: dict
  accounts:
    description:
      - V(missing) brings back accounts that are not there, V(replaced) those that differ too, with their passwords. An
        account that is there and not in the snapshot stays.
      - With mail selected, the accounts of that mail, else all.
    type: str
    choices: [none, missing, replaced]
    default: none
  paths:
    description: Files and folders to bring back to where they were. A file that is there and not in the snapshot stays.
    type: list
    elements: path
    default: []
  queue:
    description:
      - Put the messages that waited in the queue on hold. Most of them will have been delivered since, so look at them
        before you release them.
    type: bool
    default: false
  newer:
    description:
      - What to do with a mailbox that has mail that the snapshot lacks. V(refuse) changes nothing at all and lists it,
        V(merge) keeps it and adds what is missing.
    type: str
    choices: [refuse, merge]
    default: refuse
  snapshot:
    description: The beginning of the name of a snapshot, or V(latest).
    type: str
    default: latest
  host:
    description: The host that the snapshot is of. Left out, it is the one that backs up here.
    type: str
notes:
  - Needs root, and the role P(postfix_manager.mail.backup#role) on the host.
seealso:
  - module: postfix_manager.mail.mail_backup_info
"""

EXAMPLES = r"""
- name: A message that somebody deleted
  postfix_manager.mail.mail_restore:
    mailboxes: [alice@example.org]
    search:
      subject: invoice 4711

- name: What a mailbox had the day before yesterday, beside what has come since
  postfix_manager.mail.mail_restore:
    mailboxes: [alice@example.org]
    snapshot: 3d53a74d
    newer: merge

- name: A domain with its accounts
  postfix_manager.mail.mail_restore:
    domains: [example.org]
    accounts: missing

- name: Everything, on a host that was rebuilt
  postfix_manager.mail.mail_restore:
    all_mail: true
    accounts: replaced
    paths: [/etc/ssl/postfix_manager]
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: [bring back 1000 messages in 1 mailboxes]
snapshot:
  description: The snapshot, its C(id), C(time) and C(host).
  returned: success
  type: dict
messages:
  description: How many messages came back, or would.
  returned: success
  type: int
found:
  description: How many messages in the snapshot are like O(search), those that are there included.
  returned: with O(search)
  type: int
mailboxes:
  description:
    - By address, how many messages of the snapshot were C(restored), C(present) or C(moved) to another folder, how many
      C(newer) ones there are, what came back by C(folders), and other C(files) that did.
  returned: success
  type: dict
accounts:
  description: The rows of accounts that came back, by table and key.
  returned: success
  type: list
  elements: str
files:
  description: The files of O(paths) that came back.
  returned: success
  type: list
  elements: str
queue:
  description: How many messages were put on hold.
  returned: success
  type: int
seconds:
  description: How long it took to bring the mail back.
  returned: when mail came back
  type: float
newer:
  description: By address, the messages that the snapshot lacks.
  returned: when newer mail was refused
  type: dict
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._backup.restore_host import lock_of, plan_restore
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    options={
        "mailboxes": {"type": "list", "elements": "str", "default": []},
        "domains": {"type": "list", "elements": "str", "default": []},
        "all_mail": {"type": "bool", "default": False},
        "search": {"type": "dict"},
        "accounts": {"type": "str", "choices": ["none", "missing", "replaced"], "default": "none"},
        "paths": {"type": "list", "elements": "path", "default": []},
        "queue": {"type": "bool", "default": False},
        "newer": {"type": "str", "choices": ["refuse", "merge"], "default": "refuse"},
        "snapshot": {"type": "str", "default": "latest"},
        "host": {"type": "str"},
    },
)


def main() -> None:
    run_module(SPEC, plan_restore, lock_of)


if __name__ == "__main__":
    main()
