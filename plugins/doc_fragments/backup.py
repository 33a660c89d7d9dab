# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Keeping what a change replaces: documentation of the shared argument spec C(backup)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  backup:
    description:
      - Keep the files that a change replaces, in a new folder below O(backup_directory) that only root may enter.
    type: bool
    default: true
  backup_directory:
    description: Where the replaced files are kept.
    type: path
    default: /var/backups/postfix_manager
"""
