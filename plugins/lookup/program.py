# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The path of a program's archive on the control node, made anew for each run."""

from __future__ import annotations

DOCUMENTATION = r"""
name: program
short_description: A program of this collection for a host, as a file
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Packs code of the collection into one file, which runs on a host that has Python and nothing else.
  - The file lies in Ansible's temporary folder on the control node, and is gone after the run.
  - The roles C(monitoring) and C(ha) copy it to the hosts.
options:
  _terms:
    description:
      - Which program. C(collector) collects figures of a mail server for Prometheus, C(mail_sync) keeps the mailboxes
        of two servers the same.
    type: list
    elements: str
    choices: [collector, mail_sync]
    required: true
"""

EXAMPLES = r"""
- name: Install the collector
  ansible.builtin.copy:
    src: "{{ lookup('postfix_manager.mail.program', 'collector') }}"
    dest: /usr/local/lib/postfix_manager/collector.pyz
    mode: "0755"
"""

RETURN = r"""
_raw:
  description: The path of each file.
  type: list
  elements: path
"""

import os
import tempfile
from typing import Any

from ansible import constants
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.program_host import main as collector
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.programs import bundled
from ansible_collections.postfix_manager.mail.plugins.module_utils._mailsync.program_host import main as mail_sync

PROGRAMS = {"collector": collector, "mail_sync": mail_sync}


class LookupModule(LookupBase):  # type: ignore[misc]
    def run(self, terms: Any, variables: Any = None, **kwargs: Any) -> list[str]:
        unknown = [str(term) for term in terms if term not in PROGRAMS]
        if unknown:
            raise AnsibleLookupError(f"program: there is no {', '.join(unknown)}; name one of {', '.join(PROGRAMS)}")
        return [self._packed(term) for term in terms]

    def _packed(self, name: str) -> str:
        path = os.path.join(constants.DEFAULT_LOCAL_TMP, f"{name}.pyz")
        # Several hosts ask for it at once.
        handle, prepared = tempfile.mkstemp(dir=constants.DEFAULT_LOCAL_TMP)
        with os.fdopen(handle, "wb") as target:
            target.write(bundled(PROGRAMS[name]))
        os.replace(prepared, path)
        return path
