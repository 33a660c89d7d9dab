# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.postfix_manager.mail.plugins.plugin_utils._report.prometheus import metrics

LOG = {
    "messages": {"received": 3, "bounced": 1},
    "delays": {"total": {"mean": 0.5, "max": 2.0}, "in_queue": {}},
    "log": {"lines": 10, "broken_lines": 2},
    "brute_force": [{}],
}


def test_each_number_is_a_sample_of_a_described_metric():
    text = metrics(
        {
            'mx "1"': {"log": LOG, "queues": {"out": {"queues": {"hold": {"messages": 4, "size": 9, "oldest": 60}}}}},
            "mx2": {"log": LOG},
        }
    )
    assert text.splitlines()[:4] == [
        "# HELP postfix_manager_log_messages What happened to messages in the period that was read, by kind.",
        "# TYPE postfix_manager_log_messages gauge",
        'postfix_manager_log_messages{host="mx \\"1\\"",kind="bounced"} 1',
        'postfix_manager_log_messages{host="mx \\"1\\"",kind="received"} 3',
    ]
    assert 'postfix_manager_log_delay_seconds{host="mx2",part="total",statistic="max"} 2.0\n' in text
    assert 'postfix_manager_log_lines{host="mx2",understood="no"} 2\n' in text
    assert 'postfix_manager_log_lines{host="mx2",understood="yes"} 8\n' in text
    assert 'postfix_manager_log_brute_force_candidates{host="mx2"} 1\n' in text
    assert 'postfix_manager_queue_messages{host="mx \\"1\\"",instance="out",queue="hold"} 4\n' in text
    assert 'postfix_manager_queue_oldest_age_seconds{host="mx \\"1\\"",instance="out",queue="hold"} 60\n' in text
    assert text.count("# TYPE") == 7


def test_without_results_there_are_no_metrics():
    assert metrics({"mx": {}}) == ""
