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
      - The SQLite database, with the tables of PostfixAdmin. It is created when the first object is.
      - The folder must exist.
    type: path
    default: /var/lib/postfix_manager/accounts.sqlite
"""
