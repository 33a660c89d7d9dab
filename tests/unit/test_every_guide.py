# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guides name must exist: files that they link to, targets of make, variables of roles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import VERSION_SETTINGS
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import SHARED

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("roles/*/*.md")])
ROLES = [path.name for path in ROOT.glob("roles/*") if path.is_dir()]
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
NAMES = {
    "postfix_manager",
    # Settings of Dovecot that look like variables of our role.
    *VERSION_SETTINGS,
    # Options of modules that do, and a profile of Postfix.
    *(option for options in SHARED.values() for option in options),
    "backup_mx",
    # What jobs tell Prometheus.
    *(
        word
        for place in (
            "plugins/module_utils/_engine/job_status.py",
            "plugins/module_utils/_ha/keepalived.py",
            "plugins/module_utils/_mailsync/report.py",
        )
        for word in re.findall(r"postfix_manager_\w+", (ROOT / place).read_text(encoding="utf-8"))
    ),
    *(path.stem for path in ROOT.glob("playbooks/*.yml")),
    # Limits of alerts, and what the collector tells.
    *re.findall(r"\$\{(\w+)\}", (ROOT / "roles/monitoring/files/rules.yml").read_text(encoding="utf-8")),
    *(
        name
        for path in ROOT.glob("plugins/module_utils/_collector/*.py")
        for name in re.findall(r'"(\w+)"', path.read_text(encoding="utf-8"))
    ),
    # Groups of the inventory.
    *re.findall(r"groups\['(\w+)'\]", (ROOT / "roles/ha/vars/main.yml").read_text(encoding="utf-8")),
    # Variables of playbooks.
    *(word for path in ROOT.glob("playbooks/*.yml") for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))),
    *(path.stem for path in ROOT.glob("plugins/modules/*.py")),
    *(
        name
        for path in ROOT.glob("tests/benchmarks/*_cases.py")
        for name in re.findall(r"^def (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ),
    *(
        name
        for path in ROOT.glob("roles/*/meta/argument_specs.yml")
        for name in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    ),
}


def offences(folder: Path, text: str) -> list[str]:
    """What a guide in ``folder`` names that does not exist."""
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text)]
    variables = re.findall(rf"\b(?:{'|'.join(ROLES)})_[a-z_]+\b", text)
    return [
        *(f"a link to {link}" for link in links if "://" not in link and not (folder / link).exists()),
        *(
            f"make {name}"
            for name in re.findall(r"^(?:\|? ?`)?make ([a-z-]+)", text, re.MULTILINE)
            if name not in TARGETS
        ),
        *(f"the variable {name}" for name in variables if name not in NAMES),
    ]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_it_names_exists(guide):
    assert offences(guide.parent, guide.read_text(encoding="utf-8")) == []


def test_the_readme_leads_to_every_guide():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in ROOT.glob("docs/*.md") if f"(docs/{path.name})" not in readme] == []


@pytest.mark.parametrize(
    "text", ["see [this](docs/nothing.md)", "make nothing", "| `make nothing` |", "`postfix_nothing: true`"]
)
def test_a_name_of_nothing_is_found(text):
    assert len(offences(ROOT, text)) == 1


def test_a_right_guide_passes():
    text = "[README](README.md#use-it) [out](https://example.org/x)\nmake test\n`postfix_config` `postfix_hostname`\n"
    assert offences(ROOT, text) == []
