# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each setting that the modules know to need a restart was tried, and the daemons run at the end."""

from __future__ import annotations

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parents[3] / ".ansible/collections"))

from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.restart import RESTART as DOVECOT
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.restart import RESTART as POSTFIX

# Another folder for the queue or the data moves the mail system: nothing that a running one could show.
MOVES = {"queue_directory", "data_directory"}


def tried(text):
    """All names in the files of changes."""
    return {name for name in text.replace("{", " ").replace(",", " ").split() if name.endswith(":")}


def test_each_setting_that_needs_a_restart_was_tried():
    texts = [path.read_text() for path in sorted((HERE.parent / "changes").glob("*.yml"))]
    assert {f"{name}:" for name in {*DOVECOT, *POSTFIX} - MOVES} <= tried(" ".join(texts))


def test_the_daemons_run(host):
    for name in ("postfix", "dovecot"):
        assert host.service(name).is_running
