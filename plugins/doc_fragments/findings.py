# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Passing over findings: documentation of the shared argument spec C(findings)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  ignore_findings:
    description:
      - Findings to pass over, by their C(code), or by C(code:name) for one parameter, setting or service alone. Shell
        patterns are understood.
      - What is passed over is not reported, and refuses nothing.
    type: list
    elements: str
    default: []
"""
