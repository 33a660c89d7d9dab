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
    assert tally.tables["verdicts"] == {verdict.encode(): [1] for verdict in verdicts}
    assert tally.counts["broken_lines"] == 0
