# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Going back to a backup: documentation of the shared argument spec C(rollback)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) is what the other options declare.
      - V(rolled_back) is what was there before a change that was backed up. It is checked like a declared
        configuration, put into place as one, and what it replaces is backed up, so that it can be taken back, too.
    type: str
    choices: [present, rolled_back]
    default: present
  backup_id:
    description:
      - The change to go back behind, by the name of its backup. Changes that came after it are taken back with it.
        When everything is like that already, nothing changes.
      - V(last) is the last change. When that was a rollback, nothing changes, so a second run never goes back
        further.
      - M(postfix_manager.mail.backup_info) lists the names.
    type: str
    default: last
  force:
    description:
      - Go back although files were changed since by somebody else, whose changes are lost then. They are in the backup
        that the rollback makes.
    type: bool
    default: false
"""
