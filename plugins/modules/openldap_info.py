#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: openldap_info
short_description: How OpenLDAP servers are, and whether they hold the same
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Asks every server of O(server_uri) for C(cn=Monitor) and for C(contextCSN), and says what is wrong, in words first.
  - A server lags when it lacks a change that another one had O(patience) seconds ago. So a change that is on its way is
    no lag, also when the one before it was made hours ago.
  - It changes nothing. A server that cannot be asked is named, and no failure.
options:
  suffix:
    description: The database whose state is compared. The default is that of each server, when it has one only.
    type: str
  max_lag:
    description: How many seconds one server may be behind another one before that is a problem.
    type: int
    default: 30
  patience:
    description: How many seconds a server gets to catch up with what another one has already.
    type: int
    default: 2
  max_usage:
    description: How full a database may be before that is a problem, in percent of C(olcDbMaxSize).
    type: int
    default: 80
  backup_directory:
    description:
      - Where this host has backups of the directory, such as C(/var/backups/openldap), to look at them, too.
      - Left out, backups are not looked at.
    type: path
  max_backup_age:
    description: How many hours old the last good backup may be before that is a problem.
    type: int
    default: 36
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.ldap
  - postfix_manager.mail.directory
notes:
  - Unlike other modules, this one asks all of O(server_uri), not the first that answers.
  - C(cn=Monitor) is for those alone whom the access rules let read it, see RV(servers[].monitored). The role
    P(postfix_manager.mail.openldap#role) has an account C(cn=monitor) for it.
seealso:
  - module: postfix_manager.mail.openldap_config
"""

EXAMPLES = r"""
- name: Whether all servers hold the same
  postfix_manager.mail.openldap_info:
    server_uri: [ldaps://ldap1.example.org, ldaps://ldap2.example.org]
    bind_dn: cn=monitor,ou=services,dc=example,dc=org
    bind_password: "{{ vault_openldap_monitor }}"
    max_lag: 60
  register: directory
  failed_when: not directory.healthy

- name: The server on this host, and its backups
  postfix_manager.mail.openldap_info:
    backup_directory: /var/backups/openldap
"""

RETURN = r"""
summary:
  description: What is wrong, or that nothing is.
  returned: success
  type: list
  elements: str
  sample: ["ldap2.example.org is 45 s behind ldap1.example.org"]
healthy:
  description: Whether there is no problem.
  returned: success
  type: bool
problems:
  description: What is wrong, in words.
  returned: success
  type: list
  elements: str
unreachable:
  description: The servers that cannot be asked.
  returned: success
  type: list
  elements: str
behind:
  description: Who lacks changes that another one has, the worst first, also below O(max_lag).
  returned: success
  type: list
  elements: dict
  contains:
    server: {description: Who lacks them., type: str}
    ahead: {description: Who has them., type: str}
    server_id: {description: At which server they were made., type: int}
    seconds: {description: "Between the newest changes of both, V(null) when it has none.", type: float}
max_lag_seconds:
  description: The worst of these.
  returned: success
  type: float
servers:
  description: Each server.
  returned: success
  type: list
  elements: dict
  contains:
    uri: {description: Its address., type: str}
    name: {description: Its name., type: str}
    reachable: {description: Whether it can be asked., type: bool}
    message: {description: Why not., type: str}
    suffix: {description: The database whose state is compared., type: str}
    states: {description: The newest change of each server that it has., type: dict}
    behind: {description: Seconds that it is behind by the number of the server that made the changes., type: dict}
    monitored: {description: Whether it let C(cn=Monitor) be read. Without that the following are missing., type: bool}
    version: {description: The release of OpenLDAP., type: str}
    uptime: {description: Since how many seconds it runs., type: int}
    connections: {description: How many there are and were., type: dict}
    operations: {description: "By kind, how many were begun and done.", type: dict}
    threads: {description: "How many there may be, are, work, and how much waits for one.", type: dict}
    databases: {description: "By database, entries, bytes, and how full it is.", type: list, elements: dict}
backup:
  description: The status of the backups, with C(age) in seconds.
  returned: success
  type: dict
time:
  description: When this was.
  returned: success
  type: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.health.arguments import INFO
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.health.planning import plan_info
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("directory", options=INFO)


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
