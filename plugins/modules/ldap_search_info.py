#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ldap_search_info
short_description: Searches an LDAP directory
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Returns entries of a directory as data, as a tree to browse, or as LDIF. Nothing is changed.
  - The server is asked page by page, so large results need no special limit.
  - Secrets such as C(userPassword) are hidden, unless they are asked for.
  - It speaks LDAP itself. The target needs no package for it.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.ldap
  - postfix_manager.mail.directory
options:
  base:
    description: The entry at or below which to search. The default is the database of the server, when it has one only.
    type: str
  scope:
    description: The entry alone, what lies right below it, or the entry and all below it.
    type: str
    choices: [base, one, sub]
    default: sub
  filter:
    description:
      - What to look for. V({name}) stands for a value of O(filter_values).
    type: str
    default: (objectClass=*)
  filter_values:
    description:
      - Values for O(filter), by name. Whatever characters they have, they are values and nothing else. So values that
        come from elsewhere belong here.
    type: dict
    default: {}
  attributes:
    description: The attributes to return. V(*) are all ordinary ones, V(+) those that the server keeps itself.
    type: list
    elements: str
    default: ["*"]
  size_limit:
    description:
      - The largest number of entries to return. When there are more, RV(complete) is false and there is a warning.
        V(0) is unlimited.
    type: int
    default: 0
  output:
    description: Whether to return RV(entries), RV(tree) or RV(ldif).
    type: str
    choices: [entries, tree, ldif]
    default: entries
  show_secrets:
    description: Whether to return passwords and other secrets, too. Use it together with C(no_log).
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Whose address is it
  postfix_manager.mail.ldap_search_info:
    base: ou=people,dc=example,dc=org
    filter: (&(objectClass=inetOrgPerson)(mail={address}))
    filter_values:
      address: "{{ address }}"
    attributes: [cn, mail]
  register: found

- name: Browse the directory, two thousand entries at most
  postfix_manager.mail.ldap_search_info:
    output: tree
    size_limit: 2000
"""

RETURN = r"""
entries:
  description: The entries found.
  returned: when O(output=entries)
  type: list
  elements: dict
  contains:
    dn: {description: The name of the entry., type: str}
    attributes: {description: "Values by attribute, always lists. Values that are not text are in base64.", type: dict}
    binary_attributes: {description: The attributes whose values are in base64., type: list, elements: str}
tree:
  description: The entries found, below each other.
  returned: when O(output=tree)
  type: list
  elements: dict
  contains:
    name: {description: The relative name of the entry., type: str}
    dn: {description: The name of the entry., type: str}
    attributes: {description: "Values by attribute. By default the object classes alone.", type: dict}
    children: {description: "The entries below it, in the same form.", type: list, elements: dict}
ldif:
  description: The entries found.
  returned: when O(output=ldif)
  type: str
count:
  description: How many entries were found.
  returned: success
  type: int
complete:
  description: Whether these are all.
  returned: success
  type: bool
base:
  description: Where the search began.
  returned: success
  type: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.arguments import SEARCH
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.searching import plan_search
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("directory", options={**SEARCH})


def main() -> None:
    run_module(SPEC, plan_search)


if __name__ == "__main__":
    main()
