#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ha_config
short_description: HAProxy and keepalived of a node in a mail cluster
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Writes the configuration of HAProxy and keepalived, and what keepalived calls, from one description of the cluster
    that is the same on every node.
  - C(haproxy -c) and C(keepalived --config-test) check it before anything is replaced. All files are replaced as one,
    and what they replace is kept.
  - Connections go to the nodes with the PROXY protocol. A node is checked by a whole session of SMTP, IMAP, POP3 or
    ManageSieve. keepalived gives the address away when HAProxy does not answer or has no node behind a service.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
options:
  node:
    description: Which of O(nodes) this host is.
    type: str
    required: true
  nodes:
    description: All nodes, in the order in which they are preferred. Two or more.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: A name of the node, the same on all.
        type: str
        required: true
      address:
        description: Its own IPv4 address.
        type: str
        required: true
  virtual_address:
    description: The address that they share, with the length of its prefix, such as V(192.0.2.10/24).
    type: str
    required: true
  virtual_address_6:
    description: One of IPv6 that moves along with it, with the length of its prefix. Left empty, there is none.
    type: str
    default: ""
  interface:
    description: The interface that takes it.
    type: str
    required: true
  router_id:
    description: The number of the virtual router, other than that of every other cluster in this network.
    type: int
    default: 51
  advertisement_interval:
    description:
      - How often the holder of the address says that it lives, in seconds.
      - When three of them are missing, another node takes over.
    type: float
    default: 0.3
  balance:
    description:
      - V(one_node) sends everybody to one node until that fails, for mailboxes that are mirrored.
      - V(all_nodes) spreads clients over all, and each client returns to its node.
    type: str
    choices: [one_node, all_nodes]
    default: one_node
  services:
    description: What is served on the shared address.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: A name.
        type: str
        required: true
      port:
        description: The port on the shared address.
        type: int
        required: true
      proxy_port:
        description: The port of a node behind it, which speaks the PROXY protocol.
        type: int
        required: true
      check_port:
        description: The port of a node that is checked, which speaks the PROXY protocol and no TLS at first.
        type: int
        required: true
      dialog:
        description: The protocol of the check.
        type: str
        choices: [smtp, imap, pop3, sieve]
        required: true
  notification_recipient:
    description: An address that gets mail when a node gets or gives away the address. Left out, the log says it alone.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Configure HAProxy and keepalived
  postfix_manager.mail.ha_config:
    node: mx1
    nodes:
      - {name: mx1, address: 192.0.2.1}
      - {name: mx2, address: 192.0.2.2}
    virtual_address: 192.0.2.10/24
    interface: eth0
    services:
      - {name: smtp, port: 25, proxy_port: 10025, check_port: 10025, dialog: smtp}
      - {name: imaps, port: 993, proxy_port: 10993, check_port: 10143, dialog: imap}
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
haproxy_reload_required:
  description: Whether HAProxy has to be reloaded.
  returned: success
  type: bool
keepalived_reload_required:
  description: Whether keepalived has to be reloaded.
  returned: success
  type: bool
keepalived_restart_required:
  description: Whether keepalived has to be restarted.
  returned: success
  type: bool
backup_id:
  description: The name of the backup of what was replaced.
  returned: when files were changed and O(backup) is true
  type: str
backup_path:
  description: Its folder.
  returned: when files were changed and O(backup) is true
  type: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha.planning import DIRECTORY, plan_config

NODE = {"name": {"type": "str", "required": True}, "address": {"type": "str", "required": True}}
SERVICE = {
    "name": {"type": "str", "required": True},
    "port": {"type": "int", "required": True},
    "proxy_port": {"type": "int", "required": True},
    "check_port": {"type": "int", "required": True},
    "dialog": {"type": "str", "choices": ["smtp", "imap", "pop3", "sieve"], "required": True},
}
SPEC = module_spec(
    "backup",
    options={
        "node": {"type": "str", "required": True},
        "nodes": {"type": "list", "elements": "dict", "options": NODE, "required": True},
        "virtual_address": {"type": "str", "required": True},
        "virtual_address_6": {"type": "str", "default": ""},
        "interface": {"type": "str", "required": True},
        "router_id": {"type": "int", "default": 51},
        "advertisement_interval": {"type": "float", "default": 0.3},
        "balance": {"type": "str", "choices": ["one_node", "all_nodes"], "default": "one_node"},
        "services": {"type": "list", "elements": "dict", "options": SERVICE, "required": True},
        "notification_recipient": {"type": "str", "default": ""},
    },
)


def main() -> None:
    run_module(SPEC, plan_config, lock=lambda _params: f"{DIRECTORY}/haproxy")


if __name__ == "__main__":
    main()
