# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Doubt begins with the program and with failures, and covers what was taken since shortly before them."""

from ansible_collections.postfix_manager.mail.plugins.module_utils._mailsync.doubt import Doubt


def test_it_ends_by_itself():
    doubt = Doubt(1000.0, 900.0)
    assert doubt.holds(1899.0)
    assert not doubt.holds(1900.0)


def test_a_failure_prolongs_it_and_what_was_in_doubt_stays_so():
    doubt = Doubt(1000.0, 900.0)
    doubt.arise(1800.0)
    assert doubt.holds(2600.0)
    assert doubt.minutes(2600.0) == 37


def test_a_later_failure_does_not_touch_what_is_settled():
    doubt = Doubt(1000.0, 900.0)
    doubt.arise(100000.0)
    assert doubt.holds(100060.0)
    assert doubt.minutes(100060.0) == 12
