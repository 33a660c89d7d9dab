#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ha_info
short_description: Who holds the shared address of a mail cluster
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Says whether this host holds an address, and asks the network by ARP who else answers for it.
  - Needs nothing installed, so that an address that somebody else has is found before anything is set up.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
options:
  virtual_address:
    description: The IPv4 address, with or without a prefix.
    type: str
    required: true
  interface:
    description: The interface of its network.
    type: str
    required: true
  nodes:
    description: >-
      The nodes that are to share the address. When given, an address that is none with a prefix, that one of them has
      for itself, or that is not in their network is refused.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name.
        type: str
        required: true
      address:
        description: Its own address.
        type: str
        required: true
"""

EXAMPLES = r"""
- name: See who has the address
  postfix_manager.mail.ha_info:
    virtual_address: 192.0.2.10/24
    interface: eth0
  register: found

- name: Refuse one that is taken
  ansible.builtin.assert:
    that: found.held or found.answered_by | length == 0
"""

RETURN = r"""
actions:
  description: Always empty.
  returned: success
  type: list
  elements: str
held:
  description: Whether this host has the address on the interface.
  returned: success
  type: bool
hardware_address:
  description: The hardware address of this host's interface.
  returned: success
  type: str
answered_by:
  description: The hardware addresses of others that answer for it.
  returned: success
  type: list
  elements: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha.arp import plan_info

NODE = {"name": {"type": "str", "required": True}, "address": {"type": "str", "required": True}}
SPEC = module_spec(
    options={
        "virtual_address": {"type": "str", "required": True},
        "interface": {"type": "str", "required": True},
        "nodes": {"type": "list", "elements": "dict", "options": NODE, "default": []},
    },
)


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
