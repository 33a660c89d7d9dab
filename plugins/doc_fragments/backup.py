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
      - Keep what a change replaces as a backup - the files with their owner and mode, when, why, and which files
        were not there before. Only root can read it.
    type: bool
    default: true
  backup_count:
    description:
      - How many backups of this configuration are kept. Older ones are removed, which is announced like a change.
      - V(0) keeps all of them.
    type: int
    default: 20
  backup_directory:
    description: Where backups are kept, each in a folder of its own.
    type: path
    default: /var/backups/postfix_manager
"""
