# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The path of the collector's archive on the control node, made anew for each run."""

from __future__ import annotations

DOCUMENTATION = r"""
name: collector
short_description: The program that collects figures of a mail server, as a file
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Packs the code that collects figures for Prometheus into one file, which C(python3) runs without any package.
  - The file lies in Ansible's temporary folder on the control node, and is gone after the run.
  - The role C(monitoring) copies it to the hosts.
options:
  _terms:
    description: Nothing is to be given.
"""

EXAMPLES = r"""
- name: Install the collector
  ansible.builtin.copy:
    src: "{{ lookup('postfix_manager.mail.collector') }}"
    dest: /usr/local/lib/postfix_manager/collector.pyz
    mode: "0644"
"""

RETURN = r"""
_raw:
  description: The path of the file.
  type: list
  elements: path
"""

import os
import tempfile
from typing import Any

from ansible import constants
from ansible.plugins.lookup import LookupBase
from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.program_host import main
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.programs import bundled


class LookupModule(LookupBase):  # type: ignore[misc]
    def run(self, terms: Any, variables: Any = None, **kwargs: Any) -> list[str]:
        path = os.path.join(constants.DEFAULT_LOCAL_TMP, "collector.pyz")
        # Several hosts ask for it at once.
        handle, prepared = tempfile.mkstemp(dir=constants.DEFAULT_LOCAL_TMP)
        with os.fdopen(handle, "wb") as target:
            target.write(bundled(main))
        os.replace(prepared, path)
        return [path]
