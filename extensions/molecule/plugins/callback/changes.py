# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which task changed which host, as JSON lines: what a check announced can be compared with what the run did."""

from __future__ import annotations

DOCUMENTATION = r"""
name: changes
type: notification
short_description: Write the tasks that reported a change to a file (test bed only)
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Appends a line of JSON for each host and task that reported a change to the file that E(CHANGES_FILE) names.
  - Does nothing without it.
requirements: []
"""

import json
import os

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "changes"
    CALLBACK_NEEDS_ENABLED = True

    def v2_runner_on_ok(self, result):
        path = os.environ.get("CHANGES_FILE")
        if not path or not result.is_changed():
            return
        line = json.dumps({"host": result.host.get_name(), "task": result.task.get_name()})
        with open(path, "a", encoding="utf-8") as changes:
            changes.write(f"{line}\n")
