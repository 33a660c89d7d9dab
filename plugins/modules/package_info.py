#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: package_info
short_description: Which of some Debian packages are installed
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Tells which of the named packages are missing, and the versions of the others.
  - It reads the records of dpkg alone and so takes a fraction of the time of M(ansible.builtin.apt), which loads the
    index of all packages that there are. The roles ask it whether there is anything to install.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
attributes:
  check_mode:
    details: The module only reads.
  diff_mode:
    details: There is never a difference, because nothing is changed.
options:
  name:
    description: Names of packages.
    type: list
    elements: str
    required: true
seealso:
  - module: ansible.builtin.apt
"""

EXAMPLES = r"""
- name: See what is missing
  postfix_manager.mail.package_info:
    name: [postfix, postfix-sqlite]
  register: packages

- name: Install it
  ansible.builtin.apt:
    name: "{{ packages.missing }}"
  when: packages.missing | length > 0
"""

RETURN = r"""
missing:
  description: The packages that are not installed whole, in the order of O(name).
  returned: success
  type: list
  elements: str
  sample: [postfix-sqlite]
versions:
  description: The versions of the others.
  returned: success
  type: dict
  sample: {postfix: 3.10.5-1}
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._packages.dpkg import plan_info

SPEC = module_spec(options={"name": {"type": "list", "elements": "str", "required": True}})


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
