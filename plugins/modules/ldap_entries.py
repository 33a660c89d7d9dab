#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ldap_entries
short_description: Manages many entries of an LDAP directory in one call
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Creates, changes, renames, moves or deletes any number of entries. Only what differs is written, attribute by
    attribute.
  - The server is asked for all entries with the same parent in one search, and everything is written over one
    connection, so ten thousand new entries take about as long as with C(ldapadd), and an unchanged list seconds.
  - Entries are created from above and deleted from below, in whatever order they are declared. Deletions come last.
  - All that is wrong with the entries by the server's schema is reported at once, before anything is sent.
  - When the server refuses an entry, the others are written all the same. The failure says what was written and what
    was not, and the next run goes on from there.
  - See M(postfix_manager.mail.ldap_entry) for how values are compared.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.ldap
  - postfix_manager.mail.directory
  - postfix_manager.mail.purge
options:
  entries:
    description: The entries. The options of each are those of M(postfix_manager.mail.ldap_entry).
    type: list
    elements: dict
    default: []
    suboptions:
      dn:
        description: The distinguished name of the entry.
        type: str
        required: true
      new_dn:
        description:
          - The name that the entry shall have. An entry at O(entries[].dn) is renamed or moved there, with all below
            it.
          - When it has that name already, or is new, O(entries[].dn) does not matter.
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
          - Bytes are written in base64, under a name that ends with C(::) or C(;binary), or is one of
            O(binary_attributes).
          - A C(userPassword) is given in clear or as a hash such as C({SSHA}...). In clear, it is compared with the
            stored hash,
            and stored as a hash.
          - Values that the server keeps in order, such as C(olcAccess), are given in order. The C({0}) before them is
            not
            needed.
        type: dict
        default: {}
      recursive:
        description: With O(entries[].state=absent), delete everything below the entry, too. See O(max_deletions).
        type: bool
        default: false
      update_password:
        description: Whether a declared password replaces another one that the entry has.
        type: str
        choices: [always, on_create]
  defaults:
    description:
      - Options for every one of O(entries) that does not give them itself, and attributes for every one that does not
        have them.
      - In its texts, V({uid}) stands for the first value of the attribute C(uid) of the entry, and so for any other
        name. In a
        C(dn), special characters of the value are escaped.
    type: dict
    default: {}
  ldif:
    description:
      - More entries, as LDIF with their content. They are declared as V(present).
      - Records that change, rename or delete an entry are refused, and so are values that are read from files.
    type: str
  ldif_path:
    description: A file on the target with more entries, in the form of O(ldif).
    type: path
  filter:
    description: Limits O(purge) to entries that this search filter finds.
    type: str
  update_password:
    description: Whether a declared password replaces another one that an entry has, for entries that do not say it.
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
      - When there is no entry at the name of an entry, one with the declared value of this attribute is looked for,
        and renamed or moved.
    type: str
  base:
    description:
      - The entry below which O(identity) is looked for. The default is the whole database of the first entry.
      - O(purge) removes undeclared entries below it. The entry itself stays.
    type: str
  additive_attributes:
    description:
      - Attributes to which the declared values are added, such as V(member) of a group that others fill, too.
      - With O(entries[].state=present), C(objectClass) is always one of them.
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
- name: Have these people below one branch, and nobody else
  postfix_manager.mail.ldap_entries:
    base: ou=people,dc=example,dc=org
    filter: (objectClass=inetOrgPerson)
    purge: true
    max_deletions: 25
    defaults:
      dn: uid={uid},ou=people,dc=example,dc=org
      attributes:
        objectClass: [inetOrgPerson]
        mail: "{uid}@example.org"
    entries:
      - attributes: {uid: alice, cn: Alice Adams, sn: Adams}
      - attributes: {uid: bob, cn: Bob Brown, sn: Brown}
    bind_dn: cn=admin,dc=example,dc=org
    bind_password: "{{ directory_password }}"

- name: Have the entries of a file
  postfix_manager.mail.ldap_entries:
    ldif_path: /srv/directory/people.ldif
    update_password: on_create
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
    LIST,
    UPDATE_PASSWORD,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.entries import plan_entries
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("directory", "purge", options={**LIST, **COMPARISON, **UPDATE_PASSWORD})


def main() -> None:
    run_module(SPEC, plan_entries, bulk=("entries", "defaults"))


if __name__ == "__main__":
    main()
