# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Addresses of people in a report: documentation of the shared argument spec C(privacy)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  addresses:
    description:
      - How mail addresses and names of users appear in the result.
      - V(shown) as they are. V(hashed) with a token in place of the part before the C(@), the same one for the same
        address. V(dropped) with the same words for everybody in its place. The domain always stays.
    type: str
    choices: [shown, hashed, dropped]
    default: shown
  addresses_salt:
    description:
      - A secret that the tokens of O(addresses=hashed) are made with. Give the same one to compare results of several
        runs or hosts.
      - Without it each result has tokens of its own, which nobody can recompute.
    type: str
"""
