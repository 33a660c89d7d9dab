# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text format: names, labels that need escaping, numbers, and what is left out."""

from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.metrics import (
    Metric,
    escaped,
    number,
    render,
)


def test_a_metric_is_rendered_with_its_help_and_kind():
    metric = Metric("queue_messages", "Messages.", kind="counter")
    metric.add(3, queue="active")
    metric.add(0.5)
    assert render([metric, Metric("empty", "Nothing.")]) == (
        "# HELP postfix_manager_queue_messages Messages.\n"
        "# TYPE postfix_manager_queue_messages counter\n"
        'postfix_manager_queue_messages{queue="active"} 3\n'
        "postfix_manager_queue_messages 0.5\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"), [('a"b', 'a\\"b'), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("caf\udce9", "caf?"), ("é", "é")]
)
def test_a_label_is_escaped(text, shown):
    assert escaped(text) == shown


@pytest.mark.parametrize(("value", "shown"), [(1.0, "1"), (0, "0"), (1.5, "1.5"), (1795613255, "1795613255")])
def test_a_number_is_written(value, shown):
    assert number(value) == shown
