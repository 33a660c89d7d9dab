# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import time

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.counting import count_blocks
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.tally import Tally
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.times import Clock

# Wed 25 Nov 2026, noon in UTC.
NOW = 1_795_608_000


@pytest.fixture(autouse=True)
def _utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def count():
    """The tally of a log's text."""

    def counted(text: str, instance: str = "") -> Tally:
        tally = Tally()
        count_blocks([text.encode()], tally, Clock(NOW), instance)
        return tally

    return counted


@pytest.fixture
def clock():
    return Clock(NOW)
