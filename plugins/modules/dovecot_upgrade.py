#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: dovecot_upgrade
short_description: A configuration of Dovecot 2.3 as one of 2.4
description:
  - Reads a configuration of Dovecot 2.3 with all that it includes, and with the files for external lookups that it
    names.
  - Writes one for 2.4, whole, in one file, and accounts for every setting that was read. Each was converted, or dropped
    for a reason, or somebody has to decide about it.
  - Needs no Dovecot on the host. Where 2.4 is installed, C(doveconf) and the checks of
    M(postfix_manager.mail.dovecot_config) try the result before it is written. What they find refuses a result that
    takes the place of O(path). About another file it is a warning, but for what C(doveconf) refuses although nothing
    is left to decide.
  - Mail, indexes and passwords are not touched, and Dovecot is neither reloaded nor restarted.
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
options:
  path:
    description: The configuration for 2.3.
    type: path
    default: /etc/dovecot/dovecot.conf
  dest:
    description:
      - Where the configuration for 2.4 is written. Its folder must exist.
      - Left out, it is C(dovecot-2.4.conf) beside O(path).
      - It may be O(path) itself, for a host that 2.4 has been installed on. Then a second run finds nothing to convert.
    type: path
  decisions:
    description:
      - Answers to what somebody has to decide about, under the C(name) that RV(decisions) gives, or a shell
        pattern for several, or under C(file:line).
      - V(drop) leaves the setting out. A dictionary gives settings for 2.4 instead, nested as the settings of
        M(postfix_manager.mail.dovecot_config) are.
      - An answer to what was not asked is an error.
    type: dict
    default: {}
  on_decision:
    description:
      - What becomes of decisions without an answer.
      - V(fail) refuses to write anything, and reports all of them.
      - V(keep_comment) writes them as comments at the end of the file, and warns.
    type: str
    choices: [fail, keep_comment]
    default: fail
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
  - postfix_manager.mail.findings
seealso:
  - module: postfix_manager.mail.dovecot_config
  - name: Upgrading Dovecot from 2.3 to 2.4
    description: Dovecot's own guide.
    link: https://doc.dovecot.org/latest/installation/upgrade/2.3-to-2.4.html
"""

EXAMPLES = r"""
- name: See what an upgrade would make of the configuration
  postfix_manager.mail.dovecot_upgrade:
    on_decision: keep_comment
  check_mode: true
  diff: true

- name: Convert the configuration that Debian 13 found in place
  postfix_manager.mail.dovecot_upgrade:
    dest: /etc/dovecot/dovecot.conf
    decisions:
      mail_replica: drop
      plugin.quota_grace:
        quota_storage_grace: 50M
"""

RETURN = r"""
actions:
  description: What was done, or in check mode would be.
  type: list
  elements: str
  returned: success
  sample: [create /etc/dovecot/dovecot-2.4.conf]
summary:
  description: How many settings there were, and what became of them.
  type: str
  returned: always when the configuration could be read
  sample: "57 settings: 54 converted, 2 dropped, 1 to decide about"
converted:
  description: The settings that have a counterpart in 2.4.
  type: list
  elements: dict
  returned: always when the configuration could be read
  contains:
    file:
      description: The file that it was read from.
      type: str
    line:
      description: The line in it.
      type: int
    name:
      description: The setting, with the sections around it before it.
      type: str
      sample: service imap-login.service_count
    value:
      description: Its value, C((secret)) for a secret.
      type: str
    new:
      description: The settings for 2.4. Empty where 2.4 does by itself what it says, or another setting holds it.
      type: list
      elements: str
      sample: [service imap-login.restart_request_count]
dropped:
  description: The settings that 2.4 does not need, as in RV(converted), with the C(reason).
  type: list
  elements: dict
  returned: always when the configuration could be read
decisions:
  description: The settings that somebody has to decide about, as in RV(converted), with the C(reason).
  type: list
  elements: dict
  returned: always when the configuration could be read
added:
  description: Settings that 2.4 has to be told and 2.3 had not, each with its C(name) and the C(reason).
  type: list
  elements: dict
  returned: always when the configuration could be read
notes:
  description: What else to know before the upgrade. They are shown as warnings, too.
  type: list
  elements: str
  returned: always when the configuration could be read
backup_id:
  description: The name of the backup of what was replaced. See M(postfix_manager.mail.dovecot_config) for a rollback.
  returned: when files were changed and O(backup) is true
  type: str
  sample: 20261123T093000Z-17
backup_path:
  description: Its folder.
  returned: when files were changed and O(backup) is true
  type: str
  sample: /var/backups/postfix_manager/20261123T093000Z-17
findings:
  description: What the checks of M(postfix_manager.mail.dovecot_config) found in the result, where 2.4 is installed.
  type: list
  elements: dict
  returned: success
"""

import os
from typing import Any

from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.upgrade.planning import destination, plan
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(
    "backup",
    "findings",
    options={
        "path": {"type": "path", "default": "/etc/dovecot/dovecot.conf"},
        "dest": {"type": "path"},
        "decisions": {"type": "dict", "default": {}},
        "on_decision": {"type": "str", "choices": ["fail", "keep_comment"], "default": "fail"},
    },
)


def directory(params: dict[str, Any]) -> str:
    return os.path.dirname(destination(params))


def main() -> None:
    run_module(SPEC, plan, lock=directory)


if __name__ == "__main__":
    main()
