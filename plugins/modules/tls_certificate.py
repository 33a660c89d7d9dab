#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: tls_certificate
short_description: Certificate and key of a mail server
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Puts a certificate and its key into place together, after making sure that they belong together.
  - When none is given and none is there, signs one itself. A self-signed certificate is signed anew when O(names)
    change or its end is near. A certificate of an authority that is there already is left alone.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
options:
  certificate_file:
    description: The file of the certificate, leaf first, then intermediate ones. PEM, mode 0644.
    type: path
    required: true
  key_file:
    description: The file of its private key. PEM, without passphrase, mode 0600, or 0640 with O(key_group).
    type: path
    required: true
  key_group:
    description: A group whose members may read the key, for a daemon that does not read it as root.
    type: str
    default: root
  names:
    description: Host names that the self-signed certificate is for. The first is the main one.
    type: list
    elements: str
    default: []
  content:
    description: Your own certificate and intermediate ones, PEM. Needs O(key_content).
    type: str
  key_content:
    description: The private key of O(content), PEM.
    type: str
  days:
    description: How many days a self-signed certificate is valid.
    type: int
    default: 3650
  renew_before_days:
    description: Sign a self-signed certificate anew this many days before its end.
    type: int
    default: 30
"""

EXAMPLES = r"""
- name: Have a certificate, self-signed unless there is one
  postfix_manager.mail.tls_certificate:
    certificate_file: /etc/ssl/postfix_manager/mail.pem
    key_file: /etc/ssl/postfix_manager/mail.key
    names: [mail.example.org]

- name: Bring your own
  postfix_manager.mail.tls_certificate:
    certificate_file: /etc/ssl/postfix_manager/mail.pem
    key_file: /etc/ssl/postfix_manager/mail.key
    content: "{{ lookup('ansible.builtin.file', 'mail.example.org.pem') }}"
    key_content: "{{ vault_mail_key }}"
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["sign a certificate in /etc/ssl/postfix_manager/mail.pem: there is none"]
certificate:
  description: What the certificate in place says of itself.
  returned: when the certificate is known before the run
  type: dict
  sample: {"names": ["mail.example.org"], "expires": "2036-11-20", "days_left": 3649, "self_signed": true}
reload_required:
  description: Whether the daemons must be reloaded to serve what is now in the files.
  returned: success
  type: bool
backup_id:
  description: The name of the backup of what was replaced.
  returned: when files were changed and O(backup) is true
  type: str
  sample: 20261123T093000Z-17
backup_path:
  description: Its folder.
  returned: when files were changed and O(backup) is true
  type: str
  sample: /var/backups/postfix_manager/20261123T093000Z-17
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._tls.planning import plan_certificate

SPEC = module_spec(
    "backup",
    options={
        "certificate_file": {"type": "path", "required": True},
        "key_file": {"type": "path", "required": True, "no_log": False},
        "key_group": {"type": "str", "default": "root", "no_log": False},
        "names": {"type": "list", "elements": "str", "default": []},
        "content": {"type": "str"},
        "key_content": {"type": "str", "no_log": True},
        "days": {"type": "int", "default": 3650},
        "renew_before_days": {"type": "int", "default": 30},
    },
)


def main() -> None:
    run_module(SPEC, plan_certificate)


if __name__ == "__main__":
    main()
