# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status says how far the other side may be behind, also while nothing succeeds."""

from ansible_collections.postfix_manager.mail.plugins.module_utils._mailsync.report import Report, metrics


def test_nothing_is_known_at_the_start():
    status = Report(100.0).status(0, 100.0, 100.0)
    assert (status["last_success"], status["compared_in_full"], status["message"]) == (0, 0, "up to date")


def test_an_idle_node_is_up_to_date():
    report = Report(100.0)
    report.listed("", 101.0)
    report.done("one", 101.0, "", 101.5)
    status = report.status(0, 200.0, 200.0)
    assert (status["success"], status["last_success"], status["lag_seconds"]) == (True, 200, 0.5)


def test_the_lag_grows_while_a_mailbox_waits():
    report = Report(100.0)
    report.listed("", 101.0)
    report.done("one", 101.0, "", 101.5)
    status = report.status(3, 110.0, 150.0)
    assert (status["lag_seconds"], status["pending"], status["message"]) == (40.0, 3, "3 mailboxes wait")
    assert status["last_success"] == 101


def test_a_failure_stays_until_the_mailbox_succeeds():
    report = Report(100.0)
    report.listed("", 101.0)
    report.done("one", 101.0, "192.0.2.2: exit code 75: refused", 102.0)
    status = report.status(1, 101.0, 103.0)
    assert (status["success"], status["last_success"]) == (False, 0)
    assert status["message"] == "1 mailboxes fail; one: 192.0.2.2: exit code 75: refused"
    report.done("one", 101.0, "", 104.0)
    assert report.status(0, 104.0, 104.0)["success"] is True


def test_nobody_knows_which_mailboxes_there_are():
    report = Report(100.0)
    report.listed("doveadm failed", 101.0)
    assert report.status(0, 102.0, 102.0)["message"] == "1 mailboxes fail; all mailboxes: doveadm failed"
    report.listed("", 103.0)
    assert report.status(0, 104.0, 104.0)["success"] is True


def test_prometheus_gets_the_same():
    report = Report(100.0)
    report.listed("", 101.0)
    assert metrics(report.status(2, 102.0, 104.0)) == (
        'postfix_manager_job_last_success_timestamp_seconds{job="mail_sync"} 0\n'
        'postfix_manager_job_success{job="mail_sync"} 1\n'
        "postfix_manager_mail_sync_lag_seconds 2.0\n"
        "postfix_manager_mail_sync_pending 2\n"
    )
