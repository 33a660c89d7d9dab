#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: listener_info
short_description: Who listens on the ports of a host
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Names the TCP ports on which somebody waits for connections, and the program that does.
  - The roles ask it before they install a daemon whose port may be taken.
  - Only root learns of the programs of others.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
attributes:
  check_mode:
    details: The module only reads.
  diff_mode:
    details: There is never a difference, because nothing is changed.
options:
  ports:
    description: The ports to look at, all when the list is empty.
    type: list
    elements: int
    default: []
seealso:
  - module: postfix_manager.mail.mail_service
"""

EXAMPLES = r"""
- name: See who listens where Prometheus shall
  postfix_manager.mail.listener_info:
    ports: [9090]
  register: found

- name: Refuse to go on beside another program
  ansible.builtin.assert:
    that: found.listeners | rejectattr('program', 'equalto', '/usr/bin/prometheus') | length == 0
"""

RETURN = r"""
listeners:
  description: Who listens, by port and address.
  returned: success
  type: list
  elements: dict
  contains:
    address: {description: "The address, V(0.0.0.0) or V(::) for all.", type: str, sample: 127.0.0.1}
    port: {description: The port., type: int, sample: 9090}
    pid: {description: "The process, V(null) when it cannot be seen.", type: int, sample: 612}
    program: {description: "Its program, empty when it cannot be seen.", type: str, sample: /usr/bin/prometheus}
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._service.listeners_host import plan_info

SPEC = module_spec(options={"ports": {"type": "list", "elements": "int", "default": []}})


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
