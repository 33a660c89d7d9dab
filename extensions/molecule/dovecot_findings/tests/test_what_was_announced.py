# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The findings are those that the comments in the files announce, and no secret is among them."""

from __future__ import annotations

import json
import pathlib
import re

import pytest

FILES = pathlib.Path(__file__).parents[1] / "files"


@pytest.fixture(scope="module")
def found(host):
    return json.loads(host.file("/srv/found.json").content_string)


def announced(version):
    return {
        (path.name, number, severity, code)
        for path in (FILES / version).iterdir()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        for severity, code in re.findall(r"#! (error|missing|warning) (\w+)", line)
    }


def test_all_that_was_announced_is_found_and_nothing_else(found):
    findings = {
        (pathlib.Path(finding["file"]).name, finding["line"], finding["severity"], finding["code"])
        for finding in found["findings"]
    }
    assert findings == announced(found["version"])


def test_each_finding_has_a_cure(found):
    assert all(finding["message"] and finding["cure"] for finding in found["findings"])


def test_the_configuration_is_known_to_be_wrong_and_shown_all_the_same(found):
    assert found["installed"]
    assert not found["valid"]
    assert "log_path" in {setting["name"] for setting in found["settings"]}


def test_no_secret_is_shown(found):
    assert not re.search(r"\bwrong(?![/\w])", json.dumps(found).replace("/srv/wrong", ""))
