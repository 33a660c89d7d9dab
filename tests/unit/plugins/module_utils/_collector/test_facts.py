# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each source, from what the host says to metrics."""

from __future__ import annotations

import json

from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.directory import csn, directory_metrics
from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.facts import (
    certificate_metrics,
    probe_metrics,
    quota_metrics,
    read_quotas,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.metrics import render
from ansible_collections.postfix_manager.mail.plugins.module_utils._collector.queue import queue_metrics
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.privacy import DROPPED, Privacy
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.messages import Message, Recipient
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.report import Report


def lines(metrics):
    return [line for line in render(metrics).splitlines() if not line.startswith("#")]


def test_the_queue_has_its_age_and_destination():
    report = Report(1000)
    report.add(
        Message("deferred", "A", 600, 10, "a@example.org", [Recipient("b@slow.example", "connection timed out")])
    )
    found = lines(queue_metrics(report.result(5, Privacy(DROPPED)), True))
    assert "postfix_manager_postfix_up 1" in found
    assert 'postfix_manager_queue_messages{queue="deferred"} 1' in found
    assert 'postfix_manager_queue_messages{queue="active"} 0' in found
    assert 'postfix_manager_queue_size_bytes{queue="deferred"} 10' in found
    assert 'postfix_manager_queue_oldest_message_age_seconds{queue="deferred"} 400' in found
    assert 'postfix_manager_queue_destination_messages{destination="slow.example",age_minutes="10"} 1' in found
    waits = [line for line in found if line.startswith("postfix_manager_queue_waiting_messages")]
    assert len(waits) == 1
    assert 'destination="slow.example"' in waits[0]
    assert not [line for line in found if "@" in line]


def test_a_directory_has_counters_and_the_time_of_its_last_change():
    monitor = [
        ("cn=Bind,cn=Operations,cn=Monitor", {"monitorOpInitiated": [b"7"], "monitorOpCompleted": [b"6"]}),
        ("cn=Current,cn=Connections,cn=Monitor", {"monitorCounter": [b"3"]}),
        ("cn=Total,cn=Connections,cn=Monitor", {"monitorCounter": [b"1009"]}),
        ("cn=Bytes,cn=Statistics,cn=Monitor", {"monitorCounter": [b"99"]}),
        ("cn=Active,cn=Threads,cn=Monitor", {"monitoredInfo": [b"2"]}),
        ("cn=Monitor", {"monitoredInfo": [b"OpenLDAP"]}),
    ]
    found = lines(directory_metrics(monitor, {"dc=x": [b"19700101000100.500000Z#000000#00a#000000", b"bad"]}))
    assert found == [
        "postfix_manager_ldap_up 1",
        "postfix_manager_ldap_connections 3",
        "postfix_manager_ldap_connections_total 1009",
        'postfix_manager_ldap_operations_initiated_total{operation="bind"} 7',
        'postfix_manager_ldap_operations_completed_total{operation="bind"} 6',
        "postfix_manager_ldap_sent_bytes_total 99",
        'postfix_manager_ldap_threads{state="active"} 2',
        'postfix_manager_ldap_context_csn_timestamp_seconds{suffix="dc=x",server_id="10"} 60.5',
    ]


def test_a_change_number_without_a_fraction_is_read():
    assert csn("19700101000100Z#000000#001#000000") == ("1", 60)
    assert csn("") is None


def test_certificates_and_a_probe():
    assert lines(certificate_metrics({"/etc/a.pem": 5})) == [
        'postfix_manager_certificate_not_after_timestamp_seconds{source="/etc/a.pem"} 5'
    ]
    hops = [{"name": "submission_delivery", "ok": False, "seconds": 2.5}]
    assert lines(probe_metrics(hops, 3, False)) == [
        "postfix_manager_probe_success 0",
        "postfix_manager_probe_duration_seconds 3",
        'postfix_manager_probe_hop_success{hop="submission_delivery"} 0',
        'postfix_manager_probe_hop_duration_seconds{hop="submission_delivery"} 2.5',
    ]


def test_quotas_name_the_fullest_and_count_the_others():
    rows = [
        {"username": "a@x", "type": "STORAGE", "value": "90", "limit": "100"},
        {"username": "a@x", "type": "MESSAGE", "value": "5", "limit": "6"},
        {"username": "b@x", "type": "STORAGE", "value": "10", "limit": "-"},
        {"username": "c@x", "type": "STORAGE", "value": "10", "limit": "100"},
    ]
    quotas = read_quotas(json.dumps(rows))
    assert quotas == [("a@x", "STORAGE", 90, 100), ("a@x", "MESSAGE", 5, 6), ("c@x", "STORAGE", 10, 100)]
    assert lines(quota_metrics(quotas, 1)) == [
        'postfix_manager_mailbox_quota_used_bytes{mailbox="a@x"} 92160',
        'postfix_manager_mailbox_quota_limit_bytes{mailbox="a@x"} 102400',
        'postfix_manager_mailboxes_over_quota_ratio{ratio="0.8"} 1',
        'postfix_manager_mailboxes_over_quota_ratio{ratio="0.9"} 1',
        'postfix_manager_mailboxes_over_quota_ratio{ratio="1.0"} 0',
    ]
    assert read_quotas("") == []
