# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue as a whole: complete, documented, and silent about good configurations."""

import ast
import re
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.findings import (
    ERROR,
    MISSING,
    WARNING,
    Finding,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.catalogue import catalogue as whole
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.findings import refuse_errors

ROOT = Path(__file__).resolve().parents[6]
FOLDER = ROOT / "plugins/module_utils/_postfix/catalogue"


def generators():
    """The checks that are written: functions from what is staged to findings, by their annotation."""
    functions = [
        node
        for path in FOLDER.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    for node in functions:
        if node.returns and ast.unparse(node.returns) == "Iterator[Finding]" and not node.name.startswith("_"):
            yield node.name


def test_every_check_that_is_written_is_run():
    assert sorted(check.__name__ for check in whole.CHECKS) == sorted(generators())


def codes():
    """The codes in the source: names in quotes that findings are made with."""
    text = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    made = re.findall(r"""(?:Finding|staged\.finding)\(\s*"(\w+)\"""", text)
    return {*made, "missing_index", "missing_map", "expired_certificate", "expiring_certificate", "open_relay"}


def test_every_code_is_documented():
    documented = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/findings.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {*codes(), "no_relay_control"} <= documented


def test_what_is_found_twice_is_said_once(monkeypatch):
    one = Finding("a", ERROR, "m", "c")
    monkeypatch.setattr(whole, "CHECKS", (lambda _staged: [one], lambda _staged: [one]))
    assert whole.check(None) == [one]


@pytest.mark.parametrize(
    "main",
    [
        "",
        "biff = YES\nmydestination = $myhostname\nsmtpd_hard_error_limit = 5\nsmtpd_timeout = 20\n",
        "biff = $other\nother = yes\n",
        "biff = ${x?{yes}:{no}}\n",
        "smtpd_banner = $myhostname # 1 in town\n",
        "smtpd_tls_security_level = none\nsmtp_tls_security_level = dane-only\nsmtpd_tls_ciphers = HIGH\n",
        "inet_protocols = ipv4, ipv6\nsmtpd_forbid_bare_newline = reject\ncompatibility_level = 3.6\n",
        "slow_destination_rate_delay = 3s\nslow_destination_concurrency_negative_feedback = 1/concurrency\n",
        "mynetworks = 10.0.0.0/8, 192.0.2.0/24, [::1]/128, [fe80::]/10, !192.0.2.1\n",
        "smtp_tls_mandatory_protocols = !SSLv2, !SSLv3, >=TLSv1.2, <=TLSv1.3\n",
    ],
)
def test_a_good_configuration_has_no_findings(catalogue, main):
    assert catalogue.findings(main) == []


def test_warnings_do_not_refuse():
    refuse_errors([Finding("x", WARNING, "m", "c"), Finding("x", MISSING, "m", "c")])


def test_errors_refuse_and_all_are_said():
    found = [Finding("x", ERROR, "first", "c"), Finding("y", ERROR, "second", "c"), Finding("z", WARNING, "third", "c")]
    with pytest.raises(Error) as caught:
        refuse_errors(found)
    assert caught.value.message.splitlines() == [
        "the new configuration has 2 errors, nothing was changed:",
        "- first; c",
        "- second; c",
        "- warning: third; c",
    ]
    assert caught.value.details["findings"] == [finding.as_dict() for finding in found]


def test_what_the_host_lacks_refuses_when_it_comes_to_writing():
    with pytest.raises(Error, match=r"1 error.*\n- m; c"):
        refuse_errors([Finding("x", MISSING, "m", "c")], (ERROR, MISSING))
