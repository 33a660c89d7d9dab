# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where domains, mailboxes and aliases live: documentation of the shared argument spec C(store)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  store:
    description:
      - Where domains, mailboxes and aliases live. V(sqlite) is a database on the target,
        V(postgresql) one on a server, V(ldap) a directory server.
    type: str
    choices: [sqlite, postgresql, ldap]
    default: sqlite
  database:
    description:
      - The SQLite database, with the tables of PostfixAdmin. It is created when it is missing, with its folder.
      - An existing database of PostfixAdmin can be taken over. Two tables and a view of our own are added to it, and it
        is switched to a write-ahead log, so that Postfix and Dovecot never wait for whoever writes.
      - The files beside it with the endings C(-wal) and C(-shm) belong to it. They must stay while Postfix and Dovecot
        run. The C(sqlite3) shell deletes them when it is the last to close the database. Any module that uses this
        store announces that they are missing, and makes them again.
      - Owner and mode of these three files are announced and repaired, too.
    type: path
    default: /var/lib/postfix_manager/accounts.sqlite
  database_owner:
    description: The user who may change the accounts, such as V(www-data) beside PostfixAdmin's web interface.
    type: str
    default: root
  database_group:
    description:
      - The group that may read the accounts. It must be the primary group of the user that Postfix runs as, for
        proxymap(8) drops all others. Dovecot's C(auth) and C(auth-worker) join it through C(extra_groups).
    type: str
    default: postfix
  database_host:
    description:
      - With V(postgresql), the server, a name, an address or the folder of its socket. Empty is the
        socket of the target.
      - It needs the package python3-psycopg2 on the target.
    type: str
    default: ""
  database_port:
    description: The port of the server.
    type: int
    default: 5432
  database_name:
    description:
      - The database, with the tables of PostfixAdmin. Tables that are missing are made; the database must exist.
    type: str
    default: mail
  database_user:
    description: The role that logs in. It owns the tables that are made.
    type: str
    default: postfix_manager
  database_password:
    description: Its password, when the server asks for one.
    type: str
  database_sslmode:
    description: Whether the connection is encrypted and the server proves who it is, as libpq(3) calls it.
    type: str
    choices: [disable, prefer, require, verify-ca, verify-full]
    default: prefer
  database_ca_path:
    description: A file on the target with the authorities that may have signed the server's certificate.
    type: path
  directory_base:
    description:
      - Of a directory, the entry below which the accounts are. Needed with O(store=ldap).
      - The server is named by the options of M(postfix_manager.mail.ldap_entry), such as O(server_uri).
    type: str
  directory_people:
    description:
      - The entry below which people are looked for and made. The default is C(ou=people) in O(directory_base) for the
        preset V(postfix_manager), and O(directory_base) for others.
    type: str
  directory_domains:
    description: The entry below which domains are. The default is C(ou=domains), as above.
    type: str
  directory_aliases:
    description: The entry below which entries of aliases are. The default is C(ou=aliases), as above.
    type: str
  directory_preset:
    description:
      - Which attributes hold which facts. V(postfix_manager) is the schema of the role C(openldap).
      - What a preset cannot hold is refused when it is declared, with what to do about it.
    type: str
    choices: [postfix_manager, inetorgperson, inetlocalmailrecipient, postfixbook, active_directory]
    default: postfix_manager
  directory_attributes:
    description:
      - What differs from the preset, by fact, such as C(quota) and C(employeeNumber). An empty text means that the
        directory does not hold it. The facts are listed in the guide on accounts.
      - They are held against the schema of the server before anything is sent.
    type: dict
    default: {}
  directory_domain_names:
    description: Domains that the directory has no entries for.
    type: list
    elements: str
    default: []
  directory_rdn:
    description:
      - The relative name of new entries of mailboxes. C({address}), C({local}) and C({domain}) stand for the address
        and what is before and after its C(@). An entry that has the address already is used as it is named.
    type: str
    default: uid={address}
  directory_delete:
    description:
      - What deleting a mailbox does to its entry. V(facts) takes away what it has for mail; the person stays, with name
        and password. V(entry) deletes the entry as well, unless it has anything that these modules do not make.
    type: str
    choices: [facts, entry]
    default: facts
"""
