# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Where domains, mailboxes and aliases live: documentation of the shared argument spec C(store)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  store:
    description: Where domains, mailboxes and aliases live.
    type: str
    choices: [sqlite]
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
"""
