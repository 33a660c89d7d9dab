#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: openldap_restore
short_description: Brings an OpenLDAP server back from a backup
description:
  - Brings the configuration, the entries, and the certificate of an OpenLDAP server back from a backup that the role
    P(postfix_manager.mail.openldap#role) made, also on a host where slapd was just installed.
  - Check mode says what would come back, change and go, entry by entry in the diff. Values are never shown.
  - Every file of the backup is held against its checksum first. The entries are loaded into new files beside those in
    use. Then slapd is stopped, the files change places, and it is started again. When it does not run with them, the
    old files come back.
  - The replaced files stay beside the new ones, with C(.replaced) behind their names, until the next restore.
  - A server that was stopped stays stopped.
  - One of several providers gets what was changed since the backup from the others when it runs again, and takes
    nothing back of it. To bring an older state back on all of them, stop all, restore all, and start them then. The
    playbook C(postfix_manager.mail.directory_restore) does so.
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
options:
  backup_directory:
    description: The folder with the backups.
    type: path
    default: /var/backups/openldap
  backup_id:
    description: The name of the backup, or V(newest).
    type: str
    default: newest
  config_directory:
    description: Where slapd keeps its configuration.
    type: path
    default: /etc/ldap/slapd.d
  parts:
    description:
      - What to bring back.
      - With V(config), files that it names and that are missing come back, too, such as the certificate. Those that are
        there stay, for they may be newer.
    type: list
    elements: str
    choices: [config, data]
    default: [config, data]
  force:
    description:
      - Restore over newer changes, which are lost then, over a database that the backup does not know, and over what
        cannot be read any more. Without it such a backup is refused.
    type: bool
    default: false
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
seealso:
  - module: postfix_manager.mail.openldap_config
"""

EXAMPLES = r"""
- name: See what the newest backup would bring back
  postfix_manager.mail.openldap_restore:
  check_mode: true
  diff: true

- name: Bring the entries back as they were in the night, and lose what was changed since
  postfix_manager.mail.openldap_restore:
    backup_id: 20261124T021500Z
    parts: [data]
    force: true
"""

RETURN = r"""
actions:
  description: What was done, or in check mode would be.
  type: list
  elements: str
  returned: success
  sample: ["take dc=example,dc=org from the backup into use"]
backup:
  description: The backup that was used.
  type: dict
  returned: success
  contains:
    id: {description: Its name., type: str}
    time: {description: When it was made., type: str}
    host: {description: The server it was made of., type: str}
databases:
  description: What differs, for each database, counted.
  type: list
  elements: dict
  returned: success
  contains:
    suffix: {description: The name of the database., type: str}
    added: {description: Entries that only the backup holds., type: int}
    changed: {description: Entries with other values., type: int}
    removed: {description: Entries that the backup does not hold., type: int}
    newer: {description: "Changes after the backup, which a restore loses.", type: list, elements: str}
files:
  description: Files that come back.
  type: list
  elements: str
  returned: success
  sample: [/etc/ldap/tls/ldap.pem]
summary:
  description: All of it in words.
  type: list
  elements: str
  returned: success
  sample: ["dc=example,dc=org: 12 entries added"]
log:
  description: The last lines that slapd logged.
  type: list
  elements: str
  returned: when slapd does not run with what was brought back
"""

from typing import Any

from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.backup.arguments import RESTORE
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.backup.planning import plan_restore
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module

SPEC = module_spec(options=RESTORE)


def directory(params: dict[str, Any]) -> str:
    return str(params["config_directory"])


def main() -> None:
    run_module(SPEC, plan_restore, lock=directory)


if __name__ == "__main__":
    main()
