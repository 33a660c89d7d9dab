# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole configurations with the traits of real ones: what becomes of them, and that nothing is lost on the way.

A sample is a folder in golden: dovecot.conf and what it names. Beside it are NAME.conf, what 2.4 gets, and
NAME.account. Each NAME.conf passed doveconf 2.4.1. PMM_WRITE_GOLDEN=1 writes them anew.
"""

from __future__ import annotations

import glob
import os
from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.configuration import configuration
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import Access
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.upgrade.converting import Upgrade, upgrade
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.versions import Version
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
ETC = "/etc/dovecot"
LICENCE = "# SPDX-FileCopyrightText: 2026 Postfix Manager authors\n# SPDX-License-Identifier: GPL-3.0-or-later\n"


def access(folder: Path) -> Access:
    """The files of a sample, as if they were those of a host."""

    def read(path: str) -> str | None:
        place = Path(str(folder) + os.path.normpath(path)[len(ETC) :])
        return place.read_text(encoding="utf-8") if path.startswith(ETC) and place.is_file() else None

    def find(pattern: str) -> list[str]:
        found = sorted(glob.glob(str(folder) + pattern[len(ETC) :])) if pattern.startswith(ETC) else []
        return [ETC + path[len(str(folder)) :] for path in found]

    return Access(read, find)


def converted(sample: str) -> Upgrade:
    return upgrade(f"{ETC}/dovecot.conf", access(GOLDEN / sample))


def text(found: Upgrade) -> str:
    options = {"path": "/x", "settings": found.ledger.ordered(), "secrets": found.ledger.secrets, "files": []}
    rendered = configuration(options, Version("2.4", "option"), "")
    assert rendered.problems == []
    return rendered.main.text


def account(found: Upgrade) -> str:
    rows = []
    for outcome in found.ledger.outcomes.values():
        shown = outcome.as_dict()
        what = ", ".join(shown.get("new", [])) or "-"
        place = f"{outcome.file[len(ETC) + 1 :]}:{outcome.line}"
        rows.append(f"{outcome.state} {place} {outcome.name} = {outcome.value}\n  {what}\n")
        if shown.get("reason"):
            rows.append(f"  {shown['reason']}\n")
    rows += [f"added {name}\n  {reason}\n" for name, reason in found.ledger.added.items()]
    rows += [f"note {note}\n" for note in found.ledger.notes]
    return "".join(rows)


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_becomes_of_it(sample: str) -> None:
    found = converted(sample)
    made = {f"{sample}.conf": LICENCE + text(found), f"{sample}.account": LICENCE + account(found)}
    if os.environ.get("PMM_WRITE_GOLDEN"):
        for name, content in made.items():
            (GOLDEN / name).write_text(content, encoding="utf-8")
    assert made == {name: (GOLDEN / name).read_text(encoding="utf-8") for name in made}


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_setting_is_accounted_for(sample: str) -> None:
    found = converted(sample)
    assert found.faults == []
    accounted = {(outcome.file, outcome.line) for outcome in found.ledger.outcomes.values()}
    for _above, setting in found.reading.root.walk():
        assert id(setting) in found.ledger.outcomes, setting
        assert (setting.file, setting.line) in accounted
    for outcome in found.ledger.outcomes.values():
        assert "was not understood" not in outcome.question, outcome
        assert bool(outcome.new) + bool(outcome.dropped) + bool(outcome.question) or outcome.state == "converted"


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_files_for_lookups_are_accounted_for(sample: str) -> None:
    found = converted(sample)
    files = {outcome.file for outcome in found.ledger.outcomes.values()}
    named = {f"{ETC}/{path.name}" for path in (GOLDEN / sample).glob("*.conf.ext")}
    assert named <= files


def test_no_secret_is_in_an_account() -> None:
    for sample in SAMPLES:
        told = account(converted(sample))
        for secret in ("top-secret", "another-secret", "secret of the directory", "not so secret"):
            assert secret not in told


def test_a_configuration_for_2_4_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dovecot.conf").write_text("dovecot_config_version = 2.4.0\n")
    with pytest.raises(Error, match=r"for Dovecot 2\.4 already"):
        upgrade(f"{ETC}/dovecot.conf", access(tmp_path))


@pytest.mark.parametrize(
    ("first", "protocols"), [("", {"imap": "yes", "sieve": "yes"}), ("protocols = imap pop3\n", "imap pop3")]
)
def test_protocols_that_packages_of_2_4_switch_on(tmp_path: Path, first: str, protocols: object) -> None:
    (tmp_path / "imapd.protocol").write_text("protocols {\n  imap = yes\n}\n")
    (tmp_path / "sieve.protocol").write_text("protocols {\n  sieve = yes\n}\n")
    (tmp_path / "dovecot.conf").write_text(f"!include_try *.protocol\n{first}mail_location = maildir:~\n")
    found = upgrade(f"{ETC}/dovecot.conf", access(tmp_path))
    assert found.ledger.get("protocols") == protocols
    assert [outcome.question for outcome in found.ledger.outcomes.values() if outcome.question] == []
    assert found.ledger.added.get("protocols") is None
