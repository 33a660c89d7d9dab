# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Presets and what differs from them: every preset is whole, every fault of the options comes at once."""

from pathlib import Path

import pytest
import yaml
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.ldap_layout import (
    CLASSES,
    KNOWN,
    NONE,
    PRESETS,
    filled,
    read_layout,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import SHARED

ROOT = Path(__file__).resolve().parents[5]
LOOKUPS = yaml.safe_load((ROOT / "roles/ldap_integration/vars/main/presets.yml").read_text(encoding="utf-8"))
OPTIONS = {name: option.get("default") for name, option in SHARED["store"].items()}
BASE = "dc=example,dc=org"


def layout(**options):
    found, problems = read_layout({**OPTIONS, "directory_base": BASE, **options})
    assert problems == []
    return found


def problems(**options):
    found, faults = read_layout({**OPTIONS, "directory_base": BASE, **options})
    assert found is None
    return faults


def test_the_option_offers_every_preset():
    assert SHARED["store"]["directory_preset"]["choices"] == list(PRESETS)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_names_facts_that_there_are(preset):
    assert {*PRESETS[preset]} <= {*KNOWN}
    assert layout(directory_preset=preset).people.marker


def test_nothing_is_unknown_in_what_presets_begin_with():
    assert {*NONE} == {*KNOWN}
    assert {*CLASSES} <= {*KNOWN}


def test_the_folders_are_those_of_the_role():
    found = layout()
    assert (found.people.base, found.domains.base, found.groups.base) == (
        f"ou=people,{BASE}",
        f"ou=domains,{BASE}",
        f"ou=aliases,{BASE}",
    )


def test_other_directories_are_searched_from_their_base():
    found = layout(directory_preset="postfixbook", directory_people=f"ou=staff,{BASE}")
    assert (found.people.base, found.domains.base) == (f"ou=staff,{BASE}", BASE)


def test_an_override_names_another_attribute_or_none():
    found = layout(directory_attributes={"quota": "employeeNumber", "quota_unit": "M", "sender": ""})
    assert (found.attributes["quota"], found.unit, found.attributes["sender"]) == ("employeeNumber", 1024**2, "")


def test_all_faults_come_at_once():
    found = problems(
        directory_base="",
        directory_people="nonsense",
        directory_rdn="uid=somebody",
        directory_domain_names=["example.org", "no domain"],
        directory_attributes={
            "qota": "x",
            "quota": 7,
            "quota_unit": "T",
            "alias_format": "smtp",
            "name": "a b",
            "address": "",
        },
    )
    assert [problem.option for problem in found] == [
        *(
            f"directory_attributes.{name}"
            for name in ("qota", "quota", "quota_unit", "alias_format", "name", "address")
        ),
        "directory_base",
        "directory_people",
        "directory_rdn",
        "directory_domain_names[1]",
    ]
    assert found[0].cure == "did you mean quota?"
    assert all(problem.message and problem.cure for problem in found)


def test_one_attribute_holds_one_fact():
    (problem,) = problems(directory_attributes={"name": "pmmailenabled"})
    assert (problem.option, problem.value) == ("directory_attributes.name", "pmmailenabled")
    assert "of enabled" in problem.message


def test_a_template_with_an_unknown_placeholder_is_refused():
    assert [problem.option for problem in problems(directory_rdn="uid={user}{local}")] == ["directory_rdn"]


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("uid={address}", ("uid", "a.b@example.org")),
        ("cn={local}.{domain}", ("cn", "a.b.example.org")),
        ("mail={local}", ("mail", "a.b")),
    ],
)
def test_relative_names_are_filled(template, name):
    assert filled(template, "a.b@example.org") == name


@pytest.mark.parametrize("preset", PRESETS)
def test_what_is_written_is_what_the_lookups_read(preset):
    read = {**LOOKUPS["__ldap_integration_none"], **LOOKUPS["__ldap_integration_presets"][preset]}
    written = {**NONE, **PRESETS[preset]}
    names = ("address", "alias", "alias_format", "forward", "quota", "quota_unit", "sender", "domain")
    groups = ("group_address", "group_alias", "group_forward", "group_member") if written["group_class"] else ()
    assert {name: written[name] for name in (*names, *groups)} == {name: read[name] for name in (*names, *groups)}
    if written["user_class"].lower() not in ("user", "inetorgperson"):
        assert read["user_filter"] == f"(objectClass={written['user_class']})"
    if written["enabled"]:
        assert read["disabled_filter"] == f"({written['enabled']}=FALSE)"
