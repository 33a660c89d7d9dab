#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ldap_entry
short_description: Manages one entry of an LDAP directory
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Creates, changes, renames, moves or deletes an entry. Only what differs is written, attribute by attribute.
  - Values are compared by the rules of the server's own schema, such as without regard to case, spaces or the way a
    name
    is written, so a second run changes nothing.
  - All that is wrong with the entry by that schema is reported at once, before anything is sent.
  - It speaks LDAP itself. The target needs no package for it.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.ldap
  - postfix_manager.mail.directory
options:
  dn:
    description: The distinguished name of the entry.
    type: str
    required: true
  new_dn:
    description:
      - The name that the entry shall have. An entry at O(dn) is renamed or moved there, with all below it.
      - When it has that name already, or is new, O(dn) does not matter.
    type: str
  state:
    description:
      - V(present) has the declared attributes hold exactly the declared values, and leaves other attributes alone.
      - V(exact) also removes other attributes and object classes, but for O(ignored_attributes) and those that the
        server keeps itself.
      - V(absent) deletes the entry.
    type: str
    choices: [present, exact, absent]
    default: present
  attributes:
    description:
      - Attributes and their values, C(objectClass) among them. A value is a text, a number or a boolean, or a list.
      - An empty list removes the attribute.
      - Bytes are written in base64, under a name that ends with C(::) or C(;binary), or is one of O(binary_attributes).
      - A C(userPassword) is given in clear or as a hash such as C({SSHA}...). In clear, it is compared with the
        stored hash,
        and stored as a hash.
      - Values that the server keeps in order, such as C(olcAccess), are given in order. The C({0}) before them is not
        needed.
    type: dict
    default: {}
  recursive:
    description: With O(state=absent), delete everything below the entry, too. See O(max_deletions).
    type: bool
    default: false
  max_deletions:
    description:
      - The largest number of entries that one call may delete. When there would be more, it fails and nothing is
        touched.
    type: int
    default: 10
  update_password:
    description: Whether a declared password replaces another one that the entry has.
    type: str
    choices: [always, on_create]
    default: always
  password_scheme:
    description:
      - How a password that is given in clear is stored. V(CRYPT) is salted SHA-512 with many rounds. Stored hashes of
        other
        schemes stay as they are.
      - V(SSHA512) needs the module C(pw-sha2) in the server.
      - With V(none) it is sent in clear, for a server that checks and hashes passwords itself. Encrypt the connection.
    type: str
    choices: [CRYPT, SSHA, SSHA512, none]
    default: CRYPT
  identity:
    description:
      - An attribute that names the same person or thing for ever, such as C(employeeNumber) or C(entryUUID).
      - When there is no entry at O(dn), one with the declared value of this attribute is looked for, and renamed or
        moved.
    type: str
  base:
    description: The entry below which O(identity) is looked for. The default is the whole database of O(dn).
    type: str
  additive_attributes:
    description:
      - Attributes to which the declared values are added, such as V(member) of a group that others fill, too.
      - With O(state=present), C(objectClass) is always one of them.
    type: list
    elements: str
    default: []
  ignored_attributes:
    description: Attributes that are never changed on an entry that exists.
    type: list
    elements: str
    default: []
  binary_attributes:
    description: Attributes whose values are written in base64.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Have a branch for people
  postfix_manager.mail.ldap_entry:
    dn: ou=people,dc=example,dc=org
    attributes:
      objectClass: organizationalUnit
    bind_dn: cn=admin,dc=example,dc=org
    bind_password: "{{ directory_password }}"

- name: Have a person, whatever her name was before
  postfix_manager.mail.ldap_entry:
    dn: uid=alice,ou=people,dc=example,dc=org
    identity: employeeNumber
    attributes:
      objectClass: inetOrgPerson
      cn: Alice Adams
      sn: Adams
      mail: [alice@example.org, adams@example.org]
      employeeNumber: 4711
      userPassword: "{{ alice_password }}"
    server_uri: [ldaps://ldap1.example.org, ldaps://ldap2.example.org]
    bind_dn: cn=admin,dc=example,dc=org
    bind_password: "{{ directory_password }}"
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
entries:
  description:
    - Names of entries by what was done to them, or would be done in check mode; after a failure, what was done.
  returned: success, and when the server refused a part
  type: dict
  contains:
    created: {description: New ones., type: list, elements: str}
    updated: {description: Changed ones., type: list, elements: str}
    renamed: {description: "Renamed or moved ones, by their new name.", type: list, elements: str}
    deleted: {description: Deleted ones., type: list, elements: str}
deletions:
  description: What would be deleted, when that is more than O(max_deletions).
  returned: when nothing was changed for that reason
  type: list
  elements: str
refused:
  description: What the server refused, with its reasons.
  returned: when it did
  type: list
  elements: dict
  contains:
    dn: {description: The entry., type: str}
    code: {description: The result code of LDAP., type: int}
    reason: {description: What it means and what to do., type: str}
not_written:
  description: Entries that were not tried, or whose result is unknown because the server went away.
  returned: when the server refused a part
  type: list
  elements: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.arguments import (
    COMPARISON,
    ENTRY,
    MAX_DELETIONS,
    UPDATE_PASSWORD,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.entries import plan_entry
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("directory", options={**ENTRY, **COMPARISON, **UPDATE_PASSWORD, **MAX_DELETIONS})


def main() -> None:
    run_module(SPEC, plan_entry, bulk="attributes")


if __name__ == "__main__":
    main()
