#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ldap_mapping_info
short_description: Says whether a directory has the attributes, classes and entries that searches will name
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - A directory server answers a search that names an attribute or class that it does not know, or an entry that is not
    there, as if it found nobody. A mail server then refuses mail that it should take. This module holds such names
    against the schema that the server publishes, before anybody is configured with them.
  - Looks at attributes, at filters with their classes, values and matching rules, and at the entries to search below.
    All that is wrong is named at once. Nothing is changed.
  - In check mode, a server that does not answer is a warning, for an earlier task may set it up. In a run it is an
    error.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.ldap
  - postfix_manager.mail.directory
options:
  attributes:
    description:
      - Attributes that searches return. The keys say in RV(problems) what is meant. An empty name is passed over.
    type: dict
    default: {}
  filters:
    description:
      - Filters by which is searched, with a value like those that will be looked for. The keys are as in O(attributes).
    type: dict
    default: {}
  bases:
    description: Entries below which is searched. The keys are as in O(attributes).
    type: dict
    default: {}
seealso:
  - module: postfix_manager.mail.ldap_search_info
  - module: postfix_manager.mail.mail_lookup_info
"""

EXAMPLES = r"""
- name: Ask whether the directory has what the tables will look for
  postfix_manager.mail.ldap_mapping_info:
    server_uri: [ldaps://ldap.example.org]
    attributes:
      my_quota_attribute: mailQuota
    filters:
      my_people_filter: (&(objectClass=inetOrgPerson)(mail=alice@example.org))
    bases:
      my_people: ou=people,dc=example,dc=org
  register: mapping

- name: Stop when it has not
  ansible.builtin.assert:
    that: mapping.ok
    fail_msg: "{{ mapping.problems }}"
"""

RETURN = r"""
ok:
  description: Whether a server was asked and there are no RV(problems).
  returned: success
  type: bool
problems:
  description: What the directory does not have, or could not compare, each with its cure.
  returned: success
  type: list
  elements: str
server:
  description: The server that was asked, null when none answered in check mode.
  returned: success
  type: str
schema:
  description: Whether it publishes its schema. Without one, only the entries are looked for.
  returned: success
  type: bool
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.arguments import MAPPING
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.mapping import plan_mapping
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("directory", options={**MAPPING})


def main() -> None:
    run_module(SPEC, plan_mapping)


if __name__ == "__main__":
    main()
