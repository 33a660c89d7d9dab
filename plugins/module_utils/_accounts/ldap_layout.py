# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How accounts are laid out in a directory: which attribute holds which fact, and what entries are made of. Pure.

The names of presets and of what they share with the lookups are those of the role ``ldap_integration``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Optional

from .._directory.dn import BadNameError, Names
from .._directory.filters import ATTRIBUTE
from .._engine.errors import Problem
from .addresses import AddressError, domain_name

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = {"address", "local", "domain"}
UNITS = {"B": 1, "K": 1024, "M": 1024**2, "G": 1024**3}

# By what they are facts of; of the last two, ``account_control`` holds whether a user of Active Directory is enabled.
OF_MAILBOX = (
    "address",
    "password",
    "name",
    "alias",
    "forward",
    "quota",
    "enabled",
    "receive",
    "send",
    "login",
    "sender",
    "host",
)
OF_DOMAIN = (
    *("domain", "domain_description", "domain_enabled", "domain_quota", "domain_mailbox_quota"),
    *("domain_max_mailboxes", "domain_max_aliases"),
)
OF_GROUP = ("group_address", "group_alias", "group_forward", "group_member", "group_enabled")
SETTINGS = ("account_control", "quota_unit", "alias_format")
# Entries are of these classes: one that marks it, and those that a new one has beside it.
CLASSES = ("user_class", "user_structure", "domain_class", "domain_structure", "group_class", "group_structure")
KNOWN = (*OF_MAILBOX, *OF_DOMAIN, *OF_GROUP, *CLASSES, *SETTINGS)

NONE: Mapping[str, str] = {
    **dict.fromkeys(KNOWN, ""),
    "user_structure": "inetOrgPerson",
    "address": "mail",
    "password": "userPassword",
    "name": "displayName",
    "domain_class": "domainRelatedObject",
    "domain_structure": "organizationalUnit",
    "domain": "associatedDomain",
    "domain_description": "description",
    "quota_unit": "B",
    "alias_format": "%s",
}
PRESETS: Mapping[str, Mapping[str, str]] = {
    # The schema of the role openldap.
    "postfix_manager": {
        "user_class": "pmMailAccount",
        "alias": "pmMailAlias",
        "forward": "pmMailDrop",
        "quota": "pmMailQuota",
        "enabled": "pmMailEnabled",
        "sender": "pmMailSender",
        "host": "pmMailHost",
        "domain_class": "pmMailDomain",
        "domain_structure": "",
        "domain_enabled": "pmMailEnabled",
        "domain_quota": "pmMailQuota",
        "domain_mailbox_quota": "pmMailMailboxQuota",
        "domain_max_mailboxes": "pmMailMaxMailboxes",
        "domain_max_aliases": "pmMailMaxAliases",
        "group_class": "pmMailAliasGroup",
        "group_address": "mail",
        "group_alias": "pmMailAlias",
        "group_forward": "pmMailDrop",
        "group_member": "member",
        "group_enabled": "pmMailEnabled",
    },
    "inetorgperson": {"user_class": "inetOrgPerson", "user_structure": ""},
    "inetlocalmailrecipient": {
        "user_class": "inetLocalMailRecipient",
        "alias": "mailLocalAddress",
        "forward": "mailRoutingAddress",
        "host": "mailHost",
    },
    "postfixbook": {
        "user_class": "PostfixBookMailAccount",
        "alias": "mailAlias",
        "quota": "mailQuota",
        "quota_unit": "K",
        "enabled": "mailEnabled",
    },
    # People are made by the directory's own tools, which give them a login and a password.
    "active_directory": {
        "user_class": "user",
        "user_structure": "",
        "password": "",
        "alias": "proxyAddresses",
        "alias_format": "smtp:%s",
        "account_control": "userAccountControl",
        "domain_class": "",
        "domain_structure": "",
        "domain": "",
        "domain_description": "",
    },
}
# Where the role openldap has its entries; other directories are searched from their base.
FOLDERS: Mapping[str, Mapping[str, str]] = {
    "postfix_manager": {"people": "ou=people", "domains": "ou=domains", "aliases": "ou=aliases"}
}


class Kind(NamedTuple):
    """Entries of one kind: where they are, the class that marks one, and the classes that a new one has, too."""

    base: str
    marker: str
    structure: tuple[str, ...]
    rdn: str


class Layout(NamedTuple):
    """``attributes`` holds an attribute by fact, empty for what the directory does not hold."""

    preset: str
    people: Kind
    domains: Kind
    groups: Kind
    attributes: Mapping[str, str]
    unit: int
    alias_format: str
    domain_names: tuple[str, ...]
    delete_entries: bool

    def cure(self, fact: str) -> str:
        return f"name the attribute that holds it as directory_attributes.{fact}, and let the lookups obey it"


def read_layout(params: Mapping[str, Any]) -> tuple[Optional[Layout], list[Problem]]:
    """The layout that the options describe, or what is wrong with them."""
    preset, overrides = params["directory_preset"], params["directory_attributes"]
    problems = [problem for name, value in overrides.items() for problem in _override_problems(name, value)]
    base = params["directory_base"]
    if not base:
        problems.append(Problem("directory_base", "is missing", "name it, such as dc=example,dc=org"))
    problems += _place_problems(params)
    problems += _template_problems(params["directory_rdn"])
    domains = [_domain(index, name, problems) for index, name in enumerate(params["directory_domain_names"])]
    facts = {**NONE, **PRESETS[preset], **overrides}
    if not problems:
        problems += _shared_attributes(facts, overrides)
    if problems:
        return None, problems
    folders = FOLDERS.get(preset, {})
    bases = {
        name: params[f"directory_{name}"] or ",".join(filter(None, [folders.get(name), base]))
        for name in ("people", "domains", "aliases")
    }
    layout = Layout(
        preset,
        Kind(bases["people"], facts["user_class"], _classes(facts["user_structure"]), params["directory_rdn"]),
        Kind(
            bases["domains"],
            facts["domain_class"],
            _classes(facts["domain_structure"]),
            f"{facts['domain']}={{domain}}",
        ),
        Kind(bases["aliases"], facts["group_class"], _classes(facts["group_structure"]), "cn={address}"),
        {fact: facts[fact] for fact in (*OF_MAILBOX, *OF_DOMAIN, *OF_GROUP, "account_control")},
        UNITS[facts["quota_unit"]],
        facts["alias_format"],
        tuple(domains),
        params["directory_delete"] == "entry",
    )
    return layout, []


def _classes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _override_problems(name: str, value: Any) -> list[Problem]:
    option = f"directory_attributes.{name}"
    if name not in KNOWN:
        close = difflib.get_close_matches(str(name), KNOWN, n=1)
        cure = f"did you mean {close[0]}?" if close else f"use one of {', '.join(KNOWN)}"
        return [Problem(option, "is no fact of an account", cure, value)]
    if not isinstance(value, str):
        return [Problem(option, "is no text", "name one attribute, or write '' for none", value)]
    fault = _fault(name, value)
    return [] if fault is None else [Problem(option, *fault, value)]


def _fault(name: str, value: str) -> Optional[tuple[str, str]]:
    if name == "quota_unit":
        return None if value in UNITS else ("is no unit", f"use one of {', '.join(UNITS)}")
    if name == "alias_format":
        return None if value.count("%s") == 1 else ("does not say where the address stands", "write it like smtp:%s")
    words = value.split()
    if not words and name in ("user_class", "address"):
        return "is empty", "name what makes an entry a mailbox"
    if any(ATTRIBUTE.fullmatch(word) is None for word in words) or (len(words) > 1 and not name.endswith("_structure")):
        return "is no name of an attribute or class", "use letters, digits and hyphens"
    return None


def _shared_attributes(facts: Mapping[str, str], overrides: Mapping[str, str]) -> list[Problem]:
    """Facts of one kind of entry with one attribute, where an override makes them so."""
    problems = []
    for kind in (OF_MAILBOX, OF_DOMAIN, OF_GROUP):
        for fact in kind:
            same = [one for one in kind if one != fact and facts[fact] and facts[one].lower() == facts[fact].lower()]
            if same and fact in overrides:
                cure = "name another attribute, or write '' for one of the two"
                message = f"is the attribute of {same[0]}, too"
                problems.append(Problem(f"directory_attributes.{fact}", message, cure, facts[fact]))
    return problems


def _domain(index: int, name: str, problems: list[Problem]) -> str:
    try:
        return domain_name(name)
    except AddressError as error:
        problems.append(Problem(f"directory_domain_names[{index}]", error.message, error.cure, name))
        return ""


def _place_problems(params: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for option in ("directory_base", "directory_people", "directory_domains", "directory_aliases"):
        try:
            Names(str.lower, lambda _name, value: value).read(params[option] or "")
        except BadNameError as error:
            problems.append(Problem(option, str(error), "write it like ou=people,dc=example,dc=org", params[option]))
    return problems


def _template_problems(template: str) -> list[Problem]:
    name, equals, value = template.partition("=")
    found = PLACEHOLDER.findall(value)
    strange = [one for one in found if one not in PLACEHOLDERS]
    cure = "write it like uid={address} or uid={local}"
    if not equals or ATTRIBUTE.fullmatch(name) is None or not {"address", "local"} & {*found}:
        return [Problem("directory_rdn", "names no entry of its own for each mailbox", cure, template)]
    if strange:
        return [Problem("directory_rdn", f"has the unknown placeholder {{{strange[0]}}}", cure, template)]
    return []


def filled(template: str, address: str) -> tuple[str, str]:
    """The attribute and the value of a relative name."""
    local, _at, domain = address.rpartition("@")
    values = {"address": address, "local": local, "domain": domain or address}
    name, _equals, value = template.partition("=")
    return name, PLACEHOLDER.sub(lambda found: values[found[1]], value)
