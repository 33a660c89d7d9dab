#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ha_node
short_description: A node of a mail cluster in and out of maintenance
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Tells the HAProxy of this host to send nobody new to a node, waits for the sessions that the node has, and ends
    those that are left. The node stays out until it is told otherwise, also when HAProxy is reloaded or restarted.
  - Refuses when no other node serves what this one does.
  - Call it on every node, since each has a HAProxy.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
options:
  node:
    description: The node, by its name in the cluster.
    type: str
    required: true
  state:
    description: Whether it serves.
    type: str
    choices: [ready, maintenance]
    required: true
  drain_timeout:
    description: How many seconds its sessions get to end by themselves.
    type: int
    default: 30
  must_exist:
    description: Whether it is an error that HAProxy does not know the node. One that joins a cluster is not known yet.
    type: bool
    default: true
"""

EXAMPLES = r"""
- name: Take mx2 out of service
  postfix_manager.mail.ha_node:
    node: mx2
    state: maintenance
    drain_timeout: 60

- name: And back
  postfix_manager.mail.ha_node:
    node: mx2
    state: ready
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
servers:
  description: What each service thought of the node before this run.
  returned: success
  type: dict
  sample: {"smtp/mx2": "ready", "imaps/mx2": "ready"}
sessions_ended:
  description: How many sessions were ended after O(drain_timeout).
  returned: when the node was taken out
  type: int
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha.maintenance import plan_node

SPEC = module_spec(
    options={
        "node": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["ready", "maintenance"], "required": True},
        "drain_timeout": {"type": "int", "default": 30},
        "must_exist": {"type": "bool", "default": True},
    },
)


def main() -> None:
    run_module(SPEC, plan_node)


if __name__ == "__main__":
    main()
