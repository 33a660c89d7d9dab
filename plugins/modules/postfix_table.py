#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: postfix_table
short_description: Lookup table of Postfix with its index, as data
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Declares entries of a table in a file, such as transport(5), virtual(5), access(5) or header_checks(5).
  - The index is built beside, looked up, and put into place together with the text, so no lookup meets half of it and
    nobody has to call C(postmap). A missing or stale index is rebuilt. Fifty thousand entries take a fraction of a
    second.
  - Comments, order and entries that are not declared stay.
  - Everything that is wrong with the entries is reported at once, before anything is touched, in check mode too. What
    Postfix has against an entry that was there before is a warning.
  - Main.cf has to name the table. M(postfix_manager.mail.postfix_config) is for that, for tables that are written
    inline in main.cf, and for tables in databases and directories.
  - For F(/etc/aliases) use M(postfix_manager.mail.postfix_aliases).
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
  - postfix_manager.mail.instance
  - postfix_manager.mail.purge
options:
  path:
    description: The text of the table. What does not begin with C(/) is below the folder of the instance.
    type: str
    required: true
  type:
    description:
      - The type of the table. Left out, it is C(default_database_type) of the instance.
      - V(hash), V(btree), V(lmdb) and V(cdb) have an index. Postfix reads the others from the text itself.
    type: str
    choices: [lmdb, hash, btree, cdb, texthash, regexp, pcre, cidr]
  entries:
    description:
      - For V(regexp), V(pcre) and V(cidr) a list of rules in the order that they are tried in. A rule is a dictionary
        of C(pattern) and C(value), or of C(if) and C(entries), rules that are tried where a condition holds.
      - For the other types a dictionary of key and value, or a list of dictionaries of C(key) and C(value).
      - A list as value is joined by commas. A value of V(null) removes the entry.
      - Without O(purge) new rules are put behind the declared rule before them. Where there are conditions, in the file
        or here, the list has to be the whole table, with O(purge).
      - Required for O(state=present).
    type: raw
  state:
    description:
      - Whether the table shall be there. V(absent) removes the text and every index of it.
      - A table that main.cf or master.cf still names is not removed.
    type: str
    choices: [present, absent]
    default: present
  secret:
    description:
      - The values are secrets, as in a table of passwords. They are shown nowhere, and neither are comments.
      - The text and the index can never be read by everybody. Without O(mode) a new file has C(0600), and a present one
        loses what it permits to others than its owner, and to its group beyond reading.
    type: bool
    default: false
  owner:
    description: The owner of text and index. Left out, it stays, or is root for a new file.
    type: str
  group:
    description: Their group. Left out, it stays, or is root for a new file.
    type: str
  mode:
    description: Their mode as octal digits in quotes. Left out, it stays, or is C(0644) for a new file.
    type: raw
"""

EXAMPLES = r"""
- name: Say where some mail goes
  postfix_manager.mail.postfix_table:
    path: transport
    entries:
      example.net: relay:[mx.example.net]
      lists.example.org: lmtp:unix:private/mailman
      old.example.org: null

- name: Declare the whole of a table of addresses
  postfix_manager.mail.postfix_table:
    path: /etc/postfix/virtual
    type: lmdb
    entries:
      - {key: info@example.org, value: [alice@example.org, bob@example.org]}
      - {key: "@old.example.org", value: alice@example.org}
    purge: true
    max_deletions: 100

- name: Have a password for the relay that nobody else can read
  postfix_manager.mail.postfix_table:
    path: sasl_passwd
    type: lmdb
    entries:
      "[smtp.example.net]:587": "customer:{{ relay_password | default('only an example') }}"
    secret: true

- name: Check headers in this order
  postfix_manager.mail.postfix_table:
    path: header_checks
    type: regexp
    entries:
      - if: /^Subject:/
        entries:
          - {pattern: "/lottery/", value: REJECT no lotteries here}
      - {pattern: "/^X-Internal:/", value: IGNORE}
    purge: true
  register: header_checks

- name: Let networks in or keep them out
  postfix_manager.mail.postfix_table:
    path: client_access.cidr
    type: cidr
    entries:
      - {pattern: 192.0.2.0/28, value: OK}
      - {pattern: 192.0.2.0/24, value: REJECT}
  register: client_access

- name: Have Postfix take over what it does not notice by itself
  postfix_manager.mail.mail_service:
    name: postfix.service
    reload: "{{ header_checks.reload_required or client_access.reload_required }}"
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["write /etc/postfix/transport: 2 added, 1 removed"]
path:
  description: The text of the table.
  returned: success
  type: str
  sample: /etc/postfix/transport
type:
  description: The type of the table, nothing when Postfix, which would say it, is not installed yet.
  returned: success
  type: str
  sample: hash
entries:
  description: How many entries differ.
  returned: success
  type: dict
  contains:
    added: {description: New ones., type: int}
    changed: {description: Those with another value., type: int}
    removed: {description: Those that go., type: int}
reload_required:
  description:
    - Whether a running Postfix has to be told. It notices a new index by itself, but not that a table appeared that was
      missing, and not the change of a table without an index.
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
backup_path:
  description: Its folder.
  returned: when files were changed and O(backup) is true
  type: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.table_host import plan_table, table_home

TYPES = ["lmdb", "hash", "btree", "cdb", "texthash", "regexp", "pcre", "cidr"]
SPEC = module_spec(
    "backup",
    "instance",
    "purge",
    options={
        "path": {"type": "str", "required": True},
        "type": {"type": "str", "choices": TYPES},
        # Some are secrets, and Ansible must not copy and search thousands of them.
        "entries": {"type": "raw", "no_log": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "secret": {"type": "bool", "default": False},
        "owner": {"type": "str"},
        "group": {"type": "str"},
        "mode": {"type": "raw"},
    },
    required_if=[("state", "present", ("entries",))],
)


def main() -> None:
    run_module(SPEC, plan_table, lock=table_home, bulk="entries")


if __name__ == "__main__":
    main()
