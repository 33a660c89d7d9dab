# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.secrets import masked_pair


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, None), (None, "new"), ("old", None), ("old", "new"), ("same", "same"), ("", ""), ("", "new")],
)
def test_a_change_shows_and_the_secret_does_not(before, after):
    masked = masked_pair(before, after)
    assert (masked[0] == masked[1]) is (before == after)
    assert [value is None for value in masked] == [before is None, after is None]
    assert not {before, after} - {None} & set(masked)
