# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""How one store follows another: documentation of the shared argument spec C(account_sync)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description: A name for this synchronisation. Its memory, its report and its job are found by it.
    type: str
    required: true
  source:
    description: Where the accounts come from. Nothing is ever written there.
    type: dict
    required: true
    suboptions:
      store:
        description: What the source is, a directory server, or a database with the tables of PostfixAdmin.
        type: str
        choices: [sqlite, postgresql, ldap]
        default: ldap
      database:
        description: The SQLite database to read.
        type: path
      database_host:
        description: With V(postgresql), the server. Empty is the socket of the target.
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
      server_uri:
        description:
          - Directory servers, tried in this order until one answers. C(ldapi:///) is the socket of a server on the
            target.
          - A server with a wrong certificate, or one that refuses the password, ends the search. It is an error.
        type: list
        elements: str
        default: ["ldapi:///"]
      start_tls:
        description: Encrypt a connection to C(ldap://) before anything else is sent on it.
        type: bool
        default: false
      ca_path:
        description:
          - A file or folder on the target with the authorities that may have signed the server's certificate. The
            default are those that the target trusts.
        type: path
      validate_certs:
        description: Whether the certificate must be valid for the name of the server.
        type: bool
        default: true
      client_cert:
        description:
          - A file on the target with our own certificate. Without O(source.bind_dn) it also says who we are (SASL
            EXTERNAL).
        type: path
      client_key:
        description: The file with the key of O(source.client_cert), when it is not in the same file.
        type: path
      bind_dn:
        description:
          - Who we are. The default over C(ldapi://) is the user of the target (SASL EXTERNAL), and otherwise nobody.
          - Debian's slapd lets root manage its configuration that way, but not the entries of the directory, as long as
            C(olcAccess) of their database does not say so.
        type: str
      bind_password:
        description: The password of O(source.bind_dn).
        type: str
      connect_timeout:
        description: Seconds to wait for a server before the next one is tried.
        type: int
        default: 5
      timeout:
        description: Seconds to wait for each answer of the server.
        type: int
        default: 60
      base:
        description: The entry of a directory below which the accounts are. Needed for a directory.
        type: str
      scope:
        description: How far below.
        type: str
        choices: [base, one, sub]
        default: sub
      filter:
        description:
          - Which entries are accounts, as RFC 4515 says. The default is the class of the preset, and the persons of it
            with V(active_directory).
        type: str
      disabled_filter:
        description:
          - Which of them are switched off. An account with this filter is enabled exactly when it does not match.
          - The default for V(active_directory) is the bit of C(userAccountControl).
        type: str
      identity:
        description:
          - The attribute that stays when somebody gets another name, address or place, such as V(employeeNumber).
            The default is V(entryUUID), and V(objectGUID) with V(active_directory).
          - Accounts of a database are known by the folder of their mail.
        type: str
      preset:
        description: Which attributes hold which facts. These are the presets of O(directory_preset).
        type: str
        choices: [postfix_manager, inetorgperson, inetlocalmailrecipient, postfixbook, active_directory]
        default: inetorgperson
      mapping:
        description:
          - What differs from the preset, by fact, a template such as C({uid}@example.org) or C({givenName} {sn}).
          - C({mail|lower}) changes a value; there are C(lower), C(upper), C(local), C(domain) and C(smtp).
          - The facts are C(address), C(password), C(name), C(quota), C(enabled), C(receive), C(send), C(login),
            C(forward), C(keep_copy), C(send_as) and C(alias). An empty text leaves a fact to the destination.
        type: dict
        default: {}
      include:
        description: Patterns of addresses such as V(*@example.org). Without any, all are taken.
        type: list
        elements: str
        default: []
      exclude:
        description: Patterns of addresses that are left out.
        type: list
        elements: str
        default: []
  conflict:
    description:
      - Who wins where a fact was changed in the destination, too. With V(newest) it is who changed the account last,
        and nobody when that is not known. With V(report) nothing is changed, and each run says so again.
    type: str
    choices: [source, destination, newest, report]
    default: source
  vanished:
    description:
      - What happens to an account that the source has no more. V(disable) switches it off, V(delete) switches it off
        and deletes it after O(grace_days), V(keep) only says so.
      - Accounts that this synchronisation has neither made nor adopted are never touched.
    type: str
    choices: [disable, delete, keep]
    default: delete
  grace_days:
    description: For how many days an account is only switched off before it is deleted. Its mail stays.
    type: float
    default: 30.0
  max_deletions:
    description: How many accounts one run may disable or delete because they vanished. With more nothing is touched.
    type: int
    default: 10
  create_domains:
    description: Whether to create the domains of new accounts. Without it, such accounts are skipped.
    type: bool
    default: false
  adopt:
    description: Whether to take over a mailbox that exists under the address of an account that is new here.
    type: bool
    default: true
  keep_old_address:
    description: Whether the old address of a renamed account goes on to lead to it.
    type: bool
    default: true
"""
