# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Removing what is not declared: documentation of the shared argument spec C(purge)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  purge:
    description: Remove what is present but not declared.
    type: bool
    default: false
    aliases: [prune]
  max_deletions:
    description:
      - The largest number of deletions that one call may make, declared and purged ones together.
      - When there would be more, the call fails and nothing is touched.
    type: int
    default: 10
"""
