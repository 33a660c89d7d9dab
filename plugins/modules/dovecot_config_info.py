#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dovecot_config_info
short_description: What is configured in Dovecot, and what is wrong with it
description:
  - Reads a configuration of Dovecot 2.3 or 2.4 with all that it includes, whoever wrote it, and changes nothing.
  - Tells what is in effect and differs from the default, with the file and the line that it comes from.
  - Lists all that is wrong or doubtful at once, with a cure for each.
  - C(doveconf) stops at its first error, and lets much through that stops Dovecot at its start or loses mail later.
  - Secrets are masked.
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
options:
  path:
    description:
      - The configuration file that Dovecot starts with, or any copy of one.
      - It is judged by the installed Dovecot, and by the files, users and programs of the host.
    type: path
    default: /etc/dovecot/dovecot.conf
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.findings
attributes:
  diff_mode:
    support: none
    description: There is no change to show.
seealso:
  - module: postfix_manager.mail.dovecot_config
"""

EXAMPLES = r"""
- name: Look into the configuration of Dovecot
  postfix_manager.mail.dovecot_config_info:
  register: dovecot

- name: Show what is wrong with it
  ansible.builtin.debug:
    msg: "{{ dovecot.findings }}"

- name: Would the installed Dovecot take this copy of a configuration
  postfix_manager.mail.dovecot_config_info:
    path: /srv/migration/dovecot/dovecot.conf
    ignore_findings: [file, "duplicate:*"]
  register: copy
  failed_when: copy.findings | selectattr('severity', 'eq', 'error') | list
"""

RETURN = r"""
installed:
  description: Whether Dovecot is installed. Without it all else is empty.
  type: bool
  returned: success
release:
  description: The installed Dovecot.
  type: str
  returned: success
  sample: 2.4.1
version:
  description: The syntax that it takes, V(2.3) or V(2.4).
  type: str
  returned: success
  sample: "2.4"
config_version:
  description: C(dovecot_config_version), which says whose defaults hold. Only 2.4 has it.
  type: str
  returned: success
  sample: 2.4.0
storage_version:
  description: C(dovecot_storage_version), of 2.4 only.
  type: str
  returned: success
  sample: 2.4.0
valid:
  description: Whether Dovecot can read the configuration. It may still be wrong, see RV(findings).
  type: bool
  returned: success
files:
  description: The files that were read, those that passdbs, userdbs and Sieve refer to included.
  type: list
  elements: str
  returned: success
  sample: [/etc/dovecot/dovecot.conf, /etc/dovecot/conf.d/10-auth.conf]
protocols:
  description: The protocols that are served.
  type: list
  elements: str
  returned: success
  sample: [imap, lmtp, sieve]
plugins:
  description: The plugins that any protocol uses.
  type: list
  elements: str
  returned: success
  sample: [quota, imap_quota]
installed_plugins:
  description: The plugins that there are.
  type: list
  elements: str
  returned: success
settings:
  description:
    - The settings that differ from their default.
    - Where RV(valid) is false, those that are written in the files.
  type: list
  elements: dict
  returned: success
  contains:
    section:
      description: The sections around it, from the outermost on.
      type: list
      elements: str
      sample: [service imap-login, inet_listener imap]
    name:
      description: The name.
      type: str
    value:
      description: The value, V((secret\)) in the place of a secret.
      type: str
    default:
      description: What it would be otherwise, null where there is no such setting by default.
      type: str
    file:
      description: The file that it comes from, null for one that nobody wrote.
      type: str
    line:
      description: The line in the file, from 1.
      type: int
findings:
  description: What is wrong or doubtful. See the guide on findings of Dovecot for what each means.
  type: list
  elements: dict
  returned: success
  contains:
    code:
      description: The kind of finding.
      type: str
      sample: certificate
    severity:
      description:
        - V(error) for what breaks Dovecot or a part of it, V(missing) for what the host lacks, V(warning) for what is
          doubtful.
      type: str
    message:
      description: What is wrong.
      type: str
    cure:
      description: What to do.
      type: str
    file:
      description: The file.
      type: str
    line:
      description: The line in the file, null when there is no one line.
      type: int
    name:
      description: The name of the setting or section.
      type: str
    value:
      description: The value of the setting, null for a secret.
      type: str
    option:
      description: Always null here.
      type: str
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.info import inspect
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec("findings", options={"path": {"type": "path", "default": "/etc/dovecot/dovecot.conf"}})


def main() -> None:
    run_module(SPEC, inspect)


if __name__ == "__main__":
    main()
