# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Attributes that every module states; the variants are named after the DOCUMENTATION parts below."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Predicts the change exactly and changes nothing.
    support: full
  diff_mode:
    description: Shows what was and what shall be. Secrets are never shown, only that they changed.
    support: full
  idempotent:
    description: A second run with the same options changes nothing.
    support: full
  platform:
    description: The target systems.
    support: full
    platforms: debian
"""

    MAIL = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/postfix_manager.mail.mail) in C(module_defaults) to set common options once.
    support: full
    membership:
      - postfix_manager.mail.mail
"""

    ACCOUNTS = r"""
options: {}
attributes:
  action_group:
    description:
      - Use C(group/postfix_manager.mail.accounts) in C(module_defaults) to say the store once, and
        C(group/postfix_manager.mail.ldap) to say the directory server once.
    support: full
    membership:
      - postfix_manager.mail.mail
      - postfix_manager.mail.accounts
      - postfix_manager.mail.ldap
"""

    LDAP = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/postfix_manager.mail.ldap) in C(module_defaults) to say the server once.
    support: full
    membership:
      - postfix_manager.mail.mail
      - postfix_manager.mail.ldap
"""
