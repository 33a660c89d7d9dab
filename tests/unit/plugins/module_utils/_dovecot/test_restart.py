# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which changes need more than a reload. The scenario takes_effect proves the table on running daemons."""

from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.flattening import lines_of
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import parse
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.restart import needs_restart
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import Line


def lines(text: str) -> list[Line]:
    return lines_of(parse(text))


@pytest.mark.parametrize(
    ("before", "after", "restart"),
    [
        ("", "base_dir = /run/x\n", True),
        ("state_dir = /a\n", "state_dir = /b\n", True),
        ("instance_name = a\n", "", True),
        ("base_dir = /a\nbase_dir = /b\n", 'base_dir = "/b"\n', False),
        ("", "service x {\n  base_dir = /a\n}\n", False),
        ("log_path = /a\n", "log_path = /b\ndefault_internal_group = x\n", False),
        ("import_environment = TZ\n", "import_environment = TZ=UTC\n", True),
        ("", "import_environment {\n  TZ = UTC\n}\n", True),
    ],
)
def test_needs_restart(before: str, after: str, restart: bool) -> None:
    for syntax in ("2.3", "2.4"):
        assert needs_restart(syntax, lines(before), lines(after)) is restart


def test_the_internal_user_is_a_matter_of_the_version() -> None:
    after = lines("default_internal_user = x\n")
    assert needs_restart("2.3", [], after)
    assert not needs_restart("2.4", [], after)


def test_without_a_file_before_nothing_runs_with_it() -> None:
    assert not needs_restart("2.4", None, lines("base_dir = /run/x\n"))
