#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: ha_watch_info
short_description: How long a mail service does not answer
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Connects to the ports of a host again and again, reads the greeting of each, and says how long none came.
  - Run it with C(async) from a host outside while something is stopped or changed.
  - It does not look at who the server is, only that it answers.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
options:
  host:
    description: The address to watch.
    type: str
    required: true
  ports:
    description: Its ports, of 25, 110, 143, 465, 587, 993, 995 and 4190.
    type: list
    elements: int
    default: [25, 993]
  seconds:
    description: How long to watch.
    type: int
    default: 20
  interval:
    description: How many seconds lie between two tries.
    type: float
    default: 0.2
  timeout:
    description: How many seconds a try may take.
    type: float
    default: 5
"""

EXAMPLES = r"""
- name: Watch the cluster for a minute
  postfix_manager.mail.ha_watch_info:
    host: 192.0.2.10
    seconds: 60
  delegate_to: monitor.example.org
"""

RETURN = r"""
actions:
  description: Always empty.
  returned: success
  type: list
  elements: str
services:
  description: For each port how many tries there were and failed, the first failure, the longest outage in seconds.
  returned: success
  type: dict
  sample: {"25": {"tries": 300, "failures": 5, "first_failure": "timed out", "longest_outage": 1.22}}
longest_outage:
  description: The longest of all, in seconds.
  returned: success
  type: float
failures:
  description: How many tries failed.
  returned: success
  type: int
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._ha.watch import plan_watch

SPEC = module_spec(
    options={
        "host": {"type": "str", "required": True},
        "ports": {"type": "list", "elements": "int", "default": [25, 993]},
        "seconds": {"type": "int", "default": 20},
        "interval": {"type": "float", "default": 0.2},
        "timeout": {"type": "float", "default": 5},
    },
)


def main() -> None:
    run_module(SPEC, plan_watch)


if __name__ == "__main__":
    main()
