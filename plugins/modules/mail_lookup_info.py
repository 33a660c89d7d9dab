#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_lookup_info
short_description: Ask Postfix's lookup tables, and each server behind them, for addresses
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Asks the lookup tables that main.cf and master.cf name for addresses that must be known and for some that must not
    be, as Postfix would, and reports each answer with its time.
  - A table of LDAP, MySQL or PostgreSQL that lists several servers is asked at each of them by itself. So a dead server
    shows while the others still answer, and so do servers that disagree.
  - Each table is asked for what Postfix asks it for - the domain of an address, its local part, or all of it.
  - Changes nothing. Passwords in the tables' configuration files are not shown.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.instance
attributes:
  check_mode:
    description: Reads only, so that check mode makes no difference.
    support: full
  diff_mode:
    description: Changes nothing, so that there is nothing to show.
    support: none
options:
  known:
    description: Addresses that the host must accept mail for.
    type: list
    elements: str
    default: []
  unknown:
    description: Addresses that no table may know. One that finds a catch-all is not among them.
    type: list
    elements: str
    default: []
  maps:
    description:
      - Shell patterns of the tables to ask, as C(type:path), or of the parameters that name them.
      - Left out, these are the tables of all parameters whose names end in C(_maps) or C(_domains), those of
        C(mydestination), and every table with a server or database behind it. Tables of passwords are asked only when
        they are named.
    type: list
    elements: str
    default: []
  timeout:
    description: Seconds to wait for one answer.
    type: float
    default: 10
seealso:
  - module: postfix_manager.mail.postfix_config_info
  - module: postfix_manager.mail.mail_probe
"""

EXAMPLES = r"""
- name: Ask every table for somebody and for nobody
  postfix_manager.mail.mail_lookup_info:
    known: [alice@example.org]
    unknown: [nobody@example.org]
  register: lookups

- name: Stop when a server does not answer, or answers wrongly
  ansible.builtin.assert:
    that: lookups.ok
    fail_msg: "{{ lookups.problems }}"

- name: Ask the directory servers alone
  postfix_manager.mail.mail_lookup_info:
    known: [alice@example.org]
    maps: ["ldap:*"]
    timeout: 3
"""

RETURN = r"""
installed:
  description: Whether Postfix is installed. Without it nothing is asked.
  returned: success
  type: bool
ok:
  description: Whether there are no RV(problems).
  returned: success
  type: bool
summary:
  description: The outcome in a sentence.
  returned: success
  type: str
  sample: "12 questions to 4 tables and servers: 6 found, 6 absent, 0 failed; slowest ... with 0.021 s; no problem"
problems:
  description:
    - Look-ups that failed, servers of one table that disagree, known addresses that no table of recipients knows,
      unknown ones that one knows.
  returned: success
  type: list
  elements: str
lookups:
  description: Each question and its answer.
  returned: success
  type: list
  elements: dict
  contains:
    map:
      description: The table.
      type: str
      sample: ldap:/etc/postfix/ldap/mailboxes.cf
    parameters:
      description: The parameters that name it.
      type: list
      elements: str
    server:
      description: The server that was asked, null for a table that lists none.
      type: str
      sample: ldap://ldap1.example.org
    key:
      description: What it was asked for.
      type: str
    status:
      description: V(found), V(absent) or V(failed).
      type: str
    answer:
      description: What it answered, V((secret\)) for a table of passwords.
      type: str
    message:
      description: Why it failed, in the words of Postfix.
      type: str
    seconds:
      description: How long the answer took, the start of the process that asks included.
      type: float
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.questions_host import plan_lookups

ADDRESSES = {"type": "list", "elements": "str", "default": []}
SPEC = module_spec(
    "instance",
    options={
        "known": ADDRESSES,
        "unknown": ADDRESSES,
        "maps": ADDRESSES,
        "timeout": {"type": "float", "default": 10},
    },
)


def main() -> None:
    run_module(SPEC, plan_lookups)


if __name__ == "__main__":
    main()
