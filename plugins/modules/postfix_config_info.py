#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: postfix_config_info
short_description: What a configuration of Postfix says, how it differs from the defaults, and what is wrong in it
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Reads main.cf and master.cf of any server, also one that this collection did not build, or of a copy of a
    configuration, and reports them as data - each value with its default and the line it comes from.
  - Runs the catalogue of findings on them that M(postfix_manager.mail.postfix_config) runs on every change. The guide
    docs/findings.md lists it.
  - Changes nothing. Secrets are not shown.
  - Where Postfix is not installed, RV(installed) is false, files that are there are reported all the same, and nothing
    is judged.
  - Wants to be root, as the tools of Postfix and private keys do.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.findings
  - postfix_manager.mail.instance
attributes:
  check_mode:
    description: Reads only, so that check mode makes no difference.
    support: full
  diff_mode:
    description: Changes nothing, so that there is nothing to show.
    support: none
options:
  parameters:
    description:
      - Shell patterns of the parameters to report, those that have their default too.
      - Left out, every parameter that main.cf or a service sets is reported.
    type: list
    elements: str
    default: []
seealso:
  - module: postfix_manager.mail.postfix_config
"""

EXAMPLES = r"""
- name: Look at the configuration
  postfix_manager.mail.postfix_config_info:
  register: postfix

- name: Say what is wrong
  ansible.builtin.debug:
    msg: "{{ item.severity }}: {{ item.file }}:{{ item.line }}: {{ item.name }} {{ item.message }}; {{ item.cure }}"
  loop: "{{ postfix.findings }}"
  loop_control:
    label: "{{ item.code }}"

- name: Stop at errors
  ansible.builtin.assert:
    that: postfix.errors == 0

- name: Where the TLS settings come from, in a copy of a configuration of another server
  postfix_manager.mail.postfix_config_info:
    config_directory: /var/tmp/old-server/etc/postfix
    parameters: ["smtpd_tls_*", "smtp_tls_*"]
    ignore_findings: [missing_map, "unsupported_map_type:virtual_*"]
"""

RETURN = r"""
installed:
  description: Whether Postfix is installed on the host.
  returned: success
  type: bool
version:
  description: The version of the installed Postfix.
  returned: success
  type: str
  sample: 3.10.13
config_directory:
  description: The folder that was read.
  returned: success
  type: str
parameters:
  description: Parameters by name, those of main.cf before those of services.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      type: str
    value:
      description: The value without its layout, V((secret\)) for a secret.
      type: str
    default:
      description: The built-in value of this version, if it has one.
      type: str
    differs:
      description: Whether the value is not the built-in one.
      type: bool
    source:
      description: Where the value comes from - V(main.cf), V(master.cf) or V(default).
      type: str
    file:
      description: The file.
      type: str
    line:
      description: The line in it, of a service its first.
      type: int
    service:
      description: The service that overrides main.cf, as C(name/type).
      type: str
services:
  description: The services of master.cf, with fields as in the file, their overrides and their arguments.
  returned: success
  type: list
  elements: dict
findings:
  description: What the catalogue found, as in M(postfix_manager.mail.postfix_config).
  returned: success
  type: list
  elements: dict
errors:
  description: How many of RV(findings) are errors. As nothing is asked for, these stop Postfix or open it to everybody.
  returned: success
  type: int
warnings_found:
  description: How many of RV(findings) are warnings.
  returned: success
  type: int
map_types:
  description: The types of lookup tables that the installed Postfix can open.
  returned: success
  type: list
  elements: str
instances:
  description: The instances on the host, as C(postmulti -l) knows them.
  returned: success
  type: list
  elements: dict
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.info_host import plan_info

SPEC = module_spec(
    "findings",
    "instance",
    options={
        "parameters": {"type": "list", "elements": "str", "default": []},
    },
)


def main() -> None:
    run_module(SPEC, plan_info)


if __name__ == "__main__":
    main()
