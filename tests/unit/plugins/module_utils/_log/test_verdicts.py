# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

HEAD = "2026-11-25T10:13:41.291387+00:00 mx "
RSPAMD = (
    "<8f3e1a>; task; rspamd_task_write_log: id: <1@out.test>, qid: <4jZF4A>, ip: 192.0.2.7, from: <a@out.test>, "
    "(default: {flag} ({action}): [{score}/15.00] [R_DKIM_ALLOW(-0.20){{out.test:s=s1;}},R_SPF_FAIL(1.00){{-all;}},"
    "DMARC_POLICY_REJECT(2.00){{out.test : x;}},MIME_GOOD(-0.10){{text/plain;}}]), len: 900, time: 12.000ms"
)


@pytest.mark.parametrize(
    ("line", "verdicts"),
    [
        (HEAD + "opendkim[5513]: C2CE223011A: no signature data", ["opendkim dkim none"]),
        (
            HEAD + "opendkim[5513]: 844D02300EF: DKIM-Signature field added (s=s1, d=example.test)",
            ["opendkim dkim signed"],
        ),
        (HEAD + "opendkim[5513]: 844D02300EF: DKIM verification successful", ["opendkim dkim pass"]),
        (HEAD + "opendkim[5513]: 3810723016A: bad signature data", ["opendkim dkim fail"]),
        (
            HEAD
            + "opendkim[5513]: 3810723016A: key retrieval failed (s=x, d=out.test): 'x._domainkey.out.test' record "
            "not found",
            ["opendkim dkim no key"],
        ),
        (HEAD + "opendkim[5513]: C2CE223011A: no signing domain match for 'out.test'", []),
        (HEAD + "opendkim[5513]: C2CE223011A: localhost [127.0.0.1] not internal", []),
        (HEAD + "opendmarc[5505]: 3810723016A: SPF(mailfrom): out.test none", ["opendmarc spf none"]),
        (HEAD + "opendmarc[5505]: 3810723016A: out.test fail", ["opendmarc dmarc fail"]),
        (HEAD + "opendmarc[5505]: implicit authentication service: mx.example.test", []),
        (HEAD + "opendmarc[5505]: ignoring connection from localhost", []),
        (
            HEAD
            + "amavis[12]: (00012-01) Passed CLEAN {RelayedInbound}, [192.0.2.7]:4 <a@b.test> -> <c@d.test>, Hits: -1",
            ["amavis passed clean"],
        ),
        (
            HEAD
            + "amavis[12]: (00012-02) Blocked INFECTED (Eicar-Signature) {DiscardedInbound,Quarantined}, <a@b.test>",
            ["amavis blocked infected"],
        ),
        # As it comes where the policy server was asked without an instance.
        (HEAD + "policyd-spf[9]: : prepend Received-SPF: None (no SPF record) identity=helo", ["spf none"]),
        (
            HEAD
            + "opendkim[5]: 4A1: key retrieval failed (s=s1, d=out.test): 's1._domainkey.out.test' unexpected reply "
            "class/type (-1/-1)",
            ["opendkim dkim no key"],
        ),
        (HEAD + "opendkim[5]: 4A1: no signing subdomain match for 'out.test'", []),
        (HEAD + "policyd-spf[9]: prepend Received-SPF: Softfail (mailfrom) identity=mailfrom", ["spf softfail"]),
        (
            HEAD + "rspamd[7]: " + RSPAMD.format(flag="T", action="reject", score="20.10"),
            ["rspamd reject", "rspamd dkim allow", "rspamd spf fail", "rspamd dmarc_policy reject"],
        ),
        (
            "2026-11-25 10:13:41 #7(normal) " + RSPAMD.format(flag="F", action="no action", score="0.10"),
            ["rspamd no action", "rspamd dkim allow", "rspamd spf fail", "rspamd dmarc_policy reject"],
        ),
    ],
)
def test_verdicts_are_counted(count, line, verdicts):
    tally = count(line + "\n")
    assert {name.decode(): row[0] for name, row in tally.tables["verdicts"].items()} == dict.fromkeys(verdicts, 1)
    assert tally.counts["broken_lines"] == 0


# As rspamd and amavisd-new of Debian wrote them, with some symbols and recipients left out.
TASK = "<{tag}>; proxy; rspamd_task_write_log: id: {id}, qid: <{qid}>, ip: 192.0.2.7, from: <sender@example.net>, "
RESULT = (
    "(default: {flag} ({action}): [{score}/15.00] [{symbols}]), len: 247, time: 678.153ms, dns req: 0, "
    "digest: <2b3da2cc2a4aa8c9e7c5970c4d5a94df>, rcpts: <alice@example.test>, mime_rcpts: <alice@example.test>"
)
AMAVIS_TAIL = (
    "[127.0.0.1] <sender@example.net> -> <alice@example.test>, {more}Message-ID: <m6@client.example.net>, "
    "mail_id: KESoThk5wF76, Hits: {hits}, size: 405, {queued}2044 ms"
)


def task(flag, action, score, *, symbols="", message_id="<m1@client.example.net>", forced=""):
    head = TASK.format(tag="e1f4b0", id=message_id, qid="AA53B3760C4")
    return head + RESULT.format(flag=flag, action=action, score=score, symbols=symbols) + forced


RSPAMD_HEADS = ["2026-11-25 17:15:35 #2765(rspamd_proxy) ", "2026-11-25T17:17:48.931277+00:00 mx rspamd[2834]: "]
AMAVIS_HEADS = [
    "Nov 25 17:17:56 mx.example.test /usr/sbin/amavisd[2880]: ",
    "Nov 25 17:17:56 mx.example.test /usr/sbin/amavisd-new[2880]: ",
    "2026-11-25T17:15:40.519843+00:00 mx amavis[2755]: ",
]


@pytest.mark.parametrize("head", RSPAMD_HEADS)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            task("F", "no action", "-0.10", symbols="MIME_GOOD(-0.10){text/plain;},ARC"),
            ("no action", [1, 1, -0.1], "ham"),
        ),
        (task("F", "no action", "-7.60"), ("no action", [1, 1, -7.6], "ham")),
        (task("T", "reject", "24.90", symbols="SUBJ_R(25.00){}"), ("reject", [1, 1, 24.9], "spam")),
        (
            task(
                "S", "reject", "15.00", symbols="GTUBE(0.00){}", forced=', forced: reject "Gtube pattern"; score=15.00'
            ),
            ("reject", [1, 1, 15], "spam"),
        ),
        (task("T", "add header", "2.10", message_id="<undef>"), ("add header", [1, 1, 2.1], "spam")),
        (
            task("S", "rewrite subject", "0.00", forced=', forced: rewrite subject "Gtube pattern"; score=nan'),
            ("rewrite subject", [1, 1, 0], "spam"),
        ),
        (task("F", "greylist", "4.40"), ("greylist", [1, 1, 4.4], None)),
        (
            task("F", "soft reject", "3.00", symbols="FORCE_ACTION_S(0.00){soft reject;}"),
            ("soft reject", [1, 1, 3], None),
        ),
        (task("F", "no action", "nan"), ("no action", [1, 0, 0], "ham")),
    ],
)
def test_what_rspamd_says_of_a_message(count, head, text, said):
    name, row, kind = said
    tally = count(head + text + "\n")
    assert tally.tables["verdicts"] == {f"rspamd {name}".encode(): row}
    assert {word: tally.counts[word] for word in ("ham", "spam") if tally.counts[word]} == ({kind: 1} if kind else {})
    assert not tally.counts["broken_lines"] + tally.counts["other_lines"]


@pytest.mark.parametrize("head", AMAVIS_HEADS)
@pytest.mark.parametrize(
    "message",
    [
        ("Passed CLEAN {RelayedInbound}, ", "", "-1", ("passed clean", [1, 1, -1], "ham")),
        ("Passed SPAMMY {RelayedTaggedInbound}, ", "", "999.001", ("passed spammy", [1, 1, 999.001], "spam")),
        (
            "Blocked SPAM {RejectedInbound,Quarantined}, ",
            "quarantine: m/spam-mPt4ThinDMtI.gz, ",
            "999",
            ("blocked spam", [1, 1, 999], "spam"),
        ),
        (
            "Blocked BANNED (application/octet-stream,.exe,.exe-ms,x.exe) {DiscardedInbound,Quarantined}, ",
            "quarantine: x/banned-x43OGzd70FBi, ",
            "-",
            ("blocked banned", [1, 0, 0], "banned"),
        ),
        (
            "Passed BAD-HEADER-2 {RelayedInbound,Quarantined}, ",
            "quarantine: N/badh-Nk9FoYYzbuuM, ",
            "0.118",
            ("passed bad-header", [1, 1, 0.118], None),
        ),
    ],
)
def test_what_amavis_says_of_a_message(count, head, message):
    what, more, hits, (name, row, kind) = message
    queued = "" if "Blocked" in what else "queued_as: 5C0BA3763CB, "
    tally = count(head + "(02755-01-2) " + what + AMAVIS_TAIL.format(more=more, hits=hits, queued=queued) + "\n")
    assert tally.tables["verdicts"] == {f"amavis {name}".encode(): row}
    assert {word: tally.counts[word] for word in ("ham", "spam", "banned") if tally.counts[word]} == (
        {kind: 1} if kind else {}
    )
    assert not tally.counts["broken_lines"] + tally.counts["other_lines"]


def test_a_line_that_amavis_broke_keeps_its_score(count):
    head = HEAD + "amavis[3018]: (03018-01) "
    said = (
        head
        + "Passed CLEAN {RelayedInbound}, [127.0.0.1] <a@b.test> -> <person44@exam...\n"
        # Another task's line and one without a score come between.
        + HEAD
        + "amavis[3019]: (03019-01) ...ple.test>, mail_id: 3KqN4KoovqGy, Hits: 7, size: 1451\n"
        + head
        + "...ple.test>,<person45@example.test>,<person46@exam...\n"
        + head
        + "...ple.test>, Message-ID: <m@b.test>, mail_id: 3KqN4KoovqGx, Hits: 1.499, size: 1451, 1944 ms\n"
    )
    assert count(said).tables["verdicts"] == {b"amavis passed clean": [1, 1, 1.499]}


def test_other_lines_of_filters_say_nothing_of_a_message(count):
    tally = count(
        "2026-11-25 17:15:36 #2765(rspamd_proxy) <fc1311>; proxy; rspamd_check_gtube: gtube reject pattern has been "
        "found in part of length 74\n"
        "2026-11-25 17:15:36 #2765(rspamd_proxy) <149ea5>; proxy; proxy_milter_finish_handler: finished milter "
        "connection\n" + HEAD + "amavis[2880]: (02880-01) p87KnjMhXYK3 FWD from <a@b.test> -> <c@d.test>, BODY=7BIT "
        "250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 4F7D137642C\n"
        + HEAD
        + "amavis[2736]: No decoder for       .zst\n"
    )
    assert not tally.tables["verdicts"]
    assert tally.counts["broken_lines"] == 0
