# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reload or restart."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.master_cf import Service
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.restart import RESTART, needs_restart

FREE = {"a/unix": Service("a", "unix", chroot="n"), "b/unix": Service("b", "unix", chroot="-")}
JAILED = {"a/unix": Service("a", "unix", chroot="y")}


@pytest.mark.parametrize("name", RESTART)
def test_parameters_that_need_a_restart(name):
    assert needs_restart(["biff", name], {}, {})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [(FREE, FREE, False), (JAILED, JAILED, False), (JAILED, FREE, False), (FREE, JAILED, True), ({}, JAILED, True)],
)
def test_the_first_service_in_the_jail_needs_a_restart(before, after, expected):
    assert needs_restart(["biff"], before, after) is expected
