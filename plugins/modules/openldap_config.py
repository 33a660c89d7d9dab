#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: openldap_config
short_description: The configuration of an OpenLDAP server as data
description:
  - Databases, overlays, schemas, access rules, indices, limits and everything else below C(cn=config) of the OpenLDAP
    server on this host, from one task.
  - An attribute that is declared has the declared values and no others, in the declared order where slapd keeps one.
    What is null is removed, and what is not declared is left alone.
  - The new configuration is built in a private folder first. C(slapadd) and C(slaptest) have to load it, and
    C(slapacl) has to answer O(access_tests) as declared, before the server is touched. Then the running server is
    changed through its local socket, as root. When it refuses a part, what was done before is taken back.
  - Where slapd is not installed yet, a check announces everything as new.
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
options:
  config_directory:
    description: Where slapd keeps its configuration.
    type: path
    default: /etc/ldap/slapd.d
  settings:
    description:
      - Attributes of the server as a whole, such as C(olcLogLevel), C(olcServerID) or C(olcTLSCertificateFile), under
        the names that OpenLDAP gives them. Several values are a list.
      - Files of a certificate, its key and authorities have to be readable for the user C(openldap), and the key has
        to belong to the certificate.
    type: dict
    default: {}
  modules:
    description:
      - Modules to load besides those that O(databases) and their overlays need, which are loaded by themselves.
      - A module that is loaded already stays. slapd cannot unload one while it runs.
    type: list
    elements: str
    default: []
  schemas:
    description: Schemas, each a set of attributes and object classes.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the schema, as in C(cn=NAME,cn=schema,cn=config).
        type: str
        required: true
      content:
        description:
          - The definitions, as a C(.schema) file or as LDIF. They are all that the schema has.
          - A definition cannot go while an entry uses it.
        type: str
      path:
        description: >-
          A file on the host that holds them, such as C(/etc/ldap/schema/misc.schema), instead of O(schemas[].content).
        type: path
      state:
        description: >-
          V(absent) takes all definitions away. slapd cannot remove the empty schema itself while it runs.
        type: str
        choices: [present, absent]
        default: present
  databases:
    description:
      - Databases, each found by its suffix or, for those that exist once, by its backend.
      - A database that is not declared is left alone.
    type: list
    elements: dict
    default: []
    suboptions:
      suffix:
        description: >-
          The name below which all its entries are. Databases of the backends V(config), V(frontend) and V(monitor)
          have none.
        type: str
      backend:
        description: What keeps the entries. V(frontend) stands for what is common to all databases.
        type: str
        default: mdb
      state:
        description: V(absent) removes the database from the server. The files with its entries stay where they are.
        type: str
        choices: [present, absent]
        default: present
      directory:
        description: >-
          Folder of its data, made if it is missing. The default for a new database is a folder of its own in
          C(/var/lib/ldap).
        type: path
      root_dn:
        description: Who may do everything in it.
        type: str
      root_password:
        description:
          - Password of O(databases[].root_dn), in clear or as a hash such as C({SSHA}...). In clear, it is compared
            with the stored hash, and stored as a salted hash.
          - Without it only those log in as the root DN whom C(olcAuthzRegexp) or an entry of that name lets.
        type: str
      indices:
        description: All indices. Keys are attributes, values are kinds of index.
        type: dict
      limits:
        description: All limits, in their order, as in C(olcLimits).
        type: list
        elements: str
      access:
        description:
          - All access rules, in their order. Each is a text as in C(olcAccess), or a dictionary with C(to) and a list
            C(by).
          - Required for a new database, because slapd lets everybody read one without rules.
        type: list
        elements: raw
      settings:
        description: Any other attributes of the database, such as C(olcDbMaxSize).
        type: dict
      secrets:
        description: More attributes, of which nothing is shown, such as an C(olcSyncrepl) with credentials.
        type: dict
      overlays:
        description:
          - All overlays, in their order. One that is not listed is removed.
          - When it is left out, overlays stay as they are.
        type: list
        elements: dict
        suboptions:
          name:
            description: The overlay.
            type: str
            required: true
          settings:
            description: Its attributes, such as C(olcUniqueURI).
            type: dict
  replace_package_database:
    description:
      - Remove the database that the installation of the package made, in C(/var/lib/ldap), when O(databases) does not
        declare it and it holds no more than one entry.
    type: bool
    default: false
  access_tests:
    description:
      - Questions that the new configuration has to answer as expected before it is used. A wrong answer fails the task,
        also when nothing else changes.
      - They are asked of the present entries. A test for an entry that is not there yet is answered by its name alone.
      - That nobody reads C(userPassword) of the suffix anonymously is tested in any case when something changes.
    type: list
    elements: dict
    default: []
    suboptions:
      who:
        description: Name of who asks, or V(anonymous).
        type: str
        default: anonymous
      entry:
        description: Name of the entry that is asked for.
        type: str
        required: true
      attribute:
        description: The attribute, or V(entry) for the entry itself and V(children) for what is below it.
        type: str
        default: entry
      access:
        description: What is tried.
        type: str
        choices: [disclose, auth, compare, search, read, add, delete, write, manage]
        default: read
      expect:
        description: What the answer has to be.
        type: str
        choices: [allowed, denied]
        default: allowed
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
  - postfix_manager.mail.rollback
seealso:
  - name: slapd-config(5)
    description: Every attribute of the configuration.
    link: https://www.openldap.org/software/man.cgi?query=slapd-config
"""

EXAMPLES = r"""
- name: A directory of people, whose passwords nobody reads
  postfix_manager.mail.openldap_config:
    settings:
      olcTLSCertificateFile: /etc/ldap/tls/ldap.pem
      olcTLSCertificateKeyFile: /etc/ldap/tls/ldap.key
    databases:
      - suffix: dc=example,dc=org
        root_dn: cn=admin,dc=example,dc=org
        indices: {objectClass: eq, mail: [eq, sub], uid: eq}
        access:
          - to: attrs=userPassword
            by: [self =w, anonymous auth, "* none"]
          - to: "*"
            by: [users read, "* none"]
        overlays:
          - name: unique
            settings: {olcUniqueURI: "ldap:///?mail?sub"}
    access_tests:
      - {entry: "uid=somebody,dc=example,dc=org", expect: denied}
      - {entry: "uid=somebody,dc=example,dc=org", attribute: userPassword, access: auth}
      - {who: "uid=other,dc=example,dc=org", entry: "uid=somebody,dc=example,dc=org", attribute: mail}

- name: A schema that comes with slapd
  postfix_manager.mail.openldap_config:
    schemas:
      - {name: misc, path: /etc/ldap/schema/misc.schema}

- name: Go back to the configuration before the last change
  postfix_manager.mail.openldap_config:
    state: rolled_back
"""

RETURN = r"""
actions:
  description: What was done, or in check mode would be.
  type: list
  elements: str
  returned: success
  sample: ["modify olcDatabase={1}mdb,cn=config: olcAccess, olcDbIndex"]
restart_required:
  description: Whether a setting changed that slapd only applies when it starts.
  type: bool
  returned: success
suffixes:
  description: The suffixes of all databases.
  type: list
  elements: str
  returned: success
access:
  description: What the new configuration answered to access tests.
  type: list
  elements: dict
  returned: success
  sample: [{who: anonymous, entry: "dc=example,dc=org", attribute: userPassword, access: read, allowed: false}]
backup_id:
  description: The name of the backup of what was replaced, for O(backup_id) of a rollback.
  returned: when something was changed and O(backup) is true
  type: str
  sample: 20261123T093000Z-17
backup_path:
  description: Its folder. It holds the whole configuration as LDIF.
  returned: when something was changed and O(backup) is true
  type: str
  sample: /var/backups/postfix_manager/20261123T093000Z-17
rolled_back:
  description: The backup that was gone back to, V(null) when the last change was a rollback already.
  returned: when O(state=rolled_back)
  type: str
  sample: 20261123T093000Z-17
"""

from typing import Any

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.arguments import OPTIONS
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.server.planning import plan
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("backup", "rollback", options=OPTIONS)


def directory(params: dict[str, Any]) -> str:
    return str(params["config_directory"])


def main() -> None:
    run_module(SPEC, plan, lock=directory)


if __name__ == "__main__":
    main()
