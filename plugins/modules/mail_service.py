#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mail_service
short_description: Service of a mail daemon, planned on a bare host too
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Starts, stops, enables, reloads or restarts one systemd service, and makes sure that it runs afterwards.
  - Unlike M(ansible.builtin.systemd_service), check mode does not fail while the package is not installed. It then
    plans from what the installation of a Debian package leaves behind, an enabled and started service.
  - Takes the RV(postfix_manager.mail.postfix_config#module:reload_required) and
    RV(postfix_manager.mail.postfix_config#module:restart_required) of the configuration modules as options.
  - Before it does anything, systemd reads the files of the unit again when they have changed.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
options:
  name:
    description:
      - The systemd unit.
      - That of an instance of Postfix called postfix-out is V(postfix@postfix-out.service) on Debian 12 and
        V(postfix@out.service) on Debian 13.
    type: str
    required: true
  active_unit:
    description:
      - The unit that shows whether the daemon really runs, when that is another one.
      - On Debian 12 V(postfix.service) counts as active without a daemon, and V(postfix@-.service) holds it.
      - Left out, it is O(name).
    type: str
  state:
    description: Whether the service shall run.
    type: str
    choices: [started, stopped]
    default: started
  enabled:
    description: Whether the service shall start at boot. Left out, this is not touched.
    type: bool
  reload:
    description: Reload a service that runs already. A restart, or a start that is due, makes it needless.
    type: bool
    default: false
  restart:
    description: Restart a service that runs already. A start that is due makes it needless.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Configure Postfix
  postfix_manager.mail.postfix_config:
    parameters:
      message_size_limit: 52428800
  register: configuration

- name: Have Postfix run with it
  postfix_manager.mail.mail_service:
    name: postfix.service
    active_unit: "{{ 'postfix@-.service' if ansible_facts.distribution_major_version == '12' else omit }}"
    enabled: true
    reload: "{{ configuration.reload_required }}"
    restart: "{{ configuration.restart_required }}"
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["reload postfix.service"]
enabled:
  description: Whether the service started at boot before this run.
  returned: success
  type: bool
active:
  description: Whether the service ran before this run.
  returned: success
  type: bool
log:
  description: The last lines that the service logged.
  returned: when systemctl failed or the service does not run afterwards
  type: list
  elements: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._service.systemd import plan_service

SPEC = module_spec(
    options={
        "name": {"type": "str", "required": True},
        "active_unit": {"type": "str"},
        "state": {"type": "str", "choices": ["started", "stopped"], "default": "started"},
        "enabled": {"type": "bool"},
        "reload": {"type": "bool", "default": False},
        "restart": {"type": "bool", "default": False},
    },
)


def main() -> None:
    run_module(SPEC, plan_service)


if __name__ == "__main__":
    main()
