# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of accounts as changes of entries: entries that others made keep what is theirs."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.ldap_changes import AccountDrafts
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.ldap_contents import Contents
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.ldap_layout import read_layout
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import (
    Alias,
    Change,
    Changes,
    Domain,
    Mailbox,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.messages import Entry
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.schema import Schema
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import SHARED

OPTIONS = {name: option.get("default") for name, option in SHARED["store"].items()}
TEXT, NAME = "1.3.6.1.4.1.1466.115.121.1.15", "1.3.6.1.4.1.1466.115.121.1.12"
TEXTS = [
    *("cn", "sn", "ou", "uid", "mail", "displayName", "description", "associatedDomain", "telephoneNumber"),
    *("pmMailAlias", "pmMailDrop", "pmMailSender", "mailLocalAddress", "mailRoutingAddress", "proxyAddresses"),
    *("pmMailQuota", "pmMailEnabled", "userAccountControl"),
]
SCHEMA = Schema(
    [
        "( 2.5.4.0 NAME 'objectClass' EQUALITY objectIdentifierMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.38 )",
        f"( 2.5.4.31 NAME 'member' EQUALITY distinguishedNameMatch SYNTAX {NAME} )",
        "( 2.5.4.35 NAME 'userPassword' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )",
        *(
            f"( 1.2.{number} NAME '{name}' EQUALITY caseIgnoreMatch SYNTAX {TEXT} )"
            for number, name in enumerate(TEXTS)
        ),
    ],
    [
        "( 2.5.6.0 NAME 'top' ABSTRACT MUST objectClass )",
        "( 1.3.1 NAME 'inetOrgPerson' SUP top STRUCTURAL MUST ( sn $ cn )"
        " MAY ( uid $ mail $ userPassword $ displayName $ telephoneNumber ) )",
        "( 1.3.2 NAME 'organizationalUnit' SUP top STRUCTURAL MUST ou MAY description )",
        "( 1.3.3 NAME 'pmMailAccount' SUP top AUXILIARY MUST mail"
        " MAY ( pmMailAlias $ pmMailDrop $ pmMailQuota $ pmMailEnabled $ pmMailSender ) )",
        "( 1.3.4 NAME 'pmMailDomain' SUP top STRUCTURAL MUST associatedDomain MAY ( description $ pmMailEnabled ) )",
        "( 1.3.5 NAME 'pmMailAliasGroup' SUP top STRUCTURAL MUST ( cn $ mail )"
        " MAY ( pmMailAlias $ pmMailDrop $ member $ pmMailEnabled ) )",
        "( 1.3.6 NAME 'domainRelatedObject' SUP top AUXILIARY MUST associatedDomain )",
        "( 1.3.7 NAME 'inetLocalMailRecipient' SUP top AUXILIARY MAY ( mailLocalAddress $ mailRoutingAddress ) )",
        "( 1.3.8 NAME 'user' SUP inetOrgPerson STRUCTURAL MAY ( proxyAddresses $ userAccountControl ) )",
    ],
)
BASE = "dc=x"
HASH = "$6$abcdefgh$" + "x" * 86
ALICE, BOB, TEAM = "alice@example.org", "bob@example.org", "team@example.org"
PERSON = {"objectClass": "inetOrgPerson", "cn": "A", "sn": "B", "telephoneNumber": "1"}


def entry(dn, attributes):
    values = {name: [value] if isinstance(value, str) else value for name, value in attributes.items()}
    return Entry(f"{dn},{BASE}", {name: [value.encode() for value in given] for name, given in values.items()})


def person(name, *classes, **more):
    return entry(f"uid={name},ou=people", {**PERSON, "objectClass": ["inetOrgPerson", *classes], "uid": name, **more})


def group(name, **more):
    return entry(f"cn={name},ou=aliases", {"objectClass": "pmMailAliasGroup", "cn": name, **more})


def box(address=ALICE, **more):
    made = Mailbox(address, HASH, "", "", 0, True, (address,), True, True, True, True, ())
    return made._replace(**more)


class Directory:
    def __init__(self, people=(), domains=(), groups=(), **options):
        layout, problems = read_layout({**OPTIONS, "directory_base": BASE, **options})
        assert problems == []
        self.contents = Contents(layout, SCHEMA)
        self.state = self.contents.state(people, domains, groups)

    def drafts(self, kind, key, before, after):
        drafts = AccountDrafts(self.contents, {key: "item."})
        drafts.take(Changes(**{kind: [Change(key, before, after)]}))
        return drafts

    def changes(self, kind, key, before, after):
        drafts = self.drafts(kind, key, before, after)
        assert drafts.problems == []
        return {change.dn: shown(change) for change in drafts.changes()}

    def problems(self, kind, key, before, after):
        return [(one.option, one.value) for one in self.drafts(kind, key, before, after).problems]


def shown(change):
    if change.verb != "update":
        return change.verb if change.after is None else {name: texts(values) for name, values in change.after.items()}
    return [(("add", "delete", "replace")[one.kind], one.attribute, texts(one.values)) for one in change.modifications]


def texts(values):
    return sorted(value.decode() for value in values)


# --- mailboxes ---


def test_a_new_mailbox_is_an_entry_of_its_own():
    made = Directory().changes("mailboxes", ALICE, None, box(name="Alice Example", quota=5))
    assert made == {
        f"uid={ALICE},ou=people,{BASE}": {
            "objectclass": ["inetOrgPerson", "pmMailAccount"],
            "uid": [ALICE],
            "cn": ["Alice Example"],
            "sn": ["Alice Example"],
            "mail": [ALICE],
            "userpassword": [f"{{CRYPT}}{HASH}"],
            "displayname": ["Alice Example"],
            "pmmailquota": ["5"],
        }
    }


@pytest.mark.parametrize(("name", "address"), [("anything", ALICE), (ALICE, None)])
def test_somebody_who_exists_gets_the_class_and_keeps_the_rest(name, address):
    directory = Directory([person(name, **({"mail": "Alice@Example.org"} if address else {}), displayName="Al")])
    if not address:
        directory.contents.take([person(name, displayName="Al")])
    made = directory.changes("mailboxes", ALICE, None, box(password=""))
    address_added = [] if address else [("add", "mail", [ALICE])]
    assert made == {f"uid={name},ou=people,{BASE}": [("add", "objectclass", ["pmMailAccount"]), *address_added]}
    notes = directory.drafts("mailboxes", ALICE, None, box()).notes
    assert notes == [f"{ALICE}: the mailbox is given to uid={name},ou=people,{BASE}, which exists"]


def test_an_address_of_two_people_is_refused():
    directory = Directory([person("a", mail=ALICE), person("b", mail=ALICE)])
    assert directory.problems("mailboxes", ALICE, None, box()) == [("item.address", ALICE)]


def test_only_facts_that_change_are_modified():
    directory = Directory([person("a", "pmMailAccount", mail="Alice@example.org", pmMailQuota="5")])
    before = directory.state.mailboxes[ALICE]
    made = directory.changes("mailboxes", ALICE, before, before._replace(quota=0, enabled=False))
    assert made == {f"uid=a,ou=people,{BASE}": [("delete", "pmmailquota", ["5"]), ("add", "pmmailenabled", ["FALSE"])]}


def test_a_deleted_mailbox_leaves_the_person():
    directory = Directory([person("a", "pmMailAccount", mail=ALICE, pmMailAlias=TEAM, displayName="Al")])
    drafts = directory.drafts("mailboxes", ALICE, directory.state.mailboxes[ALICE], None)
    (change,) = drafts.changes()
    assert sorted(shown(change)) == [
        ("delete", "mail", [ALICE]),
        ("delete", "objectclass", ["pmMailAccount"]),
        ("delete", "pmmailalias", [TEAM]),
    ]
    assert drafts.notes == [f"{ALICE}: uid=a,ou=people,{BASE} stays, without what it had for mail"]


def test_an_entry_goes_when_asked_for_and_nothing_in_it_is_foreign():
    foreign = person("a", "pmMailAccount", mail=ALICE)
    ours = entry(
        "uid=a,ou=people", {**PERSON, "objectClass": ["inetOrgPerson", "pmMailAccount"], "uid": "a", "mail": ALICE}
    )
    del ours.attributes["telephoneNumber"]
    for found, expected in ((ours, "delete"), (foreign, "update")):
        directory = Directory([found], directory_delete="entry")
        drafts = directory.drafts("mailboxes", ALICE, directory.state.mailboxes[ALICE], None)
        assert [change.verb for change in drafts.changes()] == [expected]


def test_what_a_preset_cannot_hold_is_refused_by_its_option():
    directory = Directory(directory_preset="inetlocalmailrecipient")
    after = box(quota=5, enabled=False, send_as=("x@y.z",), login=False)
    assert sorted(directory.problems("mailboxes", ALICE, None, after)) == [
        ("item.enabled", False),
        ("item.login", False),
        ("item.quota", 5),
        ("item.send_as", ("x@y.z",)),
    ]
    (problem, *_others) = directory.drafts("mailboxes", ALICE, None, after).problems
    assert "directory_attributes." in problem.cure


def test_an_override_holds_it():
    directory = Directory(directory_preset="inetlocalmailrecipient", directory_attributes={"quota": "telephoneNumber"})
    (made,) = directory.changes("mailboxes", ALICE, None, box(quota=5)).values()
    assert made["telephonenumber"] == ["5"]


def test_users_of_active_directory_are_made_there():
    options = {"directory_preset": "active_directory", "directory_domain_names": ["example.org"]}
    assert Directory(**options).problems("mailboxes", ALICE, None, box(password="")) == [("item.address", ALICE)]
    known = Directory([person("a", "user", mail=ALICE, userAccountControl="512")], **options)
    before = known.state.mailboxes[ALICE]
    assert known.changes("mailboxes", ALICE, before, before._replace(enabled=False)) == {
        f"uid=a,ou=people,{BASE}": [("delete", "useraccountcontrol", ["512"]), ("add", "useraccountcontrol", ["514"])]
    }
    assert known.problems("domains", "new.example", None, Domain("new.example")) == [("item.domain", "new.example")]


# --- domains ---


def test_a_domain_and_its_catch_all():
    made = Directory().changes("domains", "example.org", None, Domain("example.org", catch_all=(BOB,)))
    assert made == {
        f"associatedDomain=example.org,ou=domains,{BASE}": {
            "objectclass": ["pmMailDomain"],
            "associateddomain": ["example.org"],
        },
        f"cn=@example.org,ou=aliases,{BASE}": {
            "objectclass": ["pmMailAliasGroup"],
            "cn": ["@example.org"],
            "mail": ["@example.org"],
            "pmmaildrop": [BOB],
        },
    }


def test_an_alias_domain_is_refused():
    after = Domain("example.net", alias_of="example.org")
    assert Directory().problems("domains", "example.net", None, after) == [("item.alias_of", "example.org")]


# --- aliases ---


def test_an_address_of_a_person_is_an_alias_and_moves_to_another():
    people = [person("a", "pmMailAccount", mail=ALICE, pmMailAlias=TEAM), person("b", "pmMailAccount", mail=BOB)]
    directory = Directory(people)
    before = directory.state.aliases[TEAM]
    assert before == Alias(TEAM, (ALICE,), True)
    assert directory.changes("aliases", TEAM, before, Alias(TEAM, (BOB,), True)) == {
        f"uid=a,ou=people,{BASE}": [("delete", "pmmailalias", [TEAM])],
        f"uid=b,ou=people,{BASE}": [("add", "pmmailalias", [TEAM])],
    }


def test_an_alias_that_leads_elsewhere_becomes_an_entry():
    directory = Directory([person("a", "pmMailAccount", mail=ALICE, pmMailAlias=TEAM)])
    made = directory.changes("aliases", TEAM, directory.state.aliases[TEAM], Alias(TEAM, ("x@y.z",), True))
    assert made[f"uid=a,ou=people,{BASE}"] == [("delete", "pmmailalias", [TEAM])]
    assert made[f"cn={TEAM},ou=aliases,{BASE}"]["pmmaildrop"] == ["x@y.z"]


def test_members_of_a_group_are_destinations_and_others_stay():
    members = [f"uid=a,ou=people,{BASE}", f"uid=b,ou=people,{BASE}", f"cn=nested,ou=aliases,{BASE}"]
    people = [person("a", "pmMailAccount", mail=ALICE), person("b", "pmMailAccount", mail=BOB)]
    directory = Directory(people, groups=[group("t", mail=TEAM, member=members)])
    before = directory.state.aliases[TEAM]
    assert before.destinations == (ALICE, BOB)
    assert directory.changes("aliases", TEAM, before, Alias(TEAM, (BOB, "x@y.z"), True)) == {
        f"cn=t,ou=aliases,{BASE}": [("delete", "member", [members[0]]), ("add", "pmmaildrop", ["x@y.z"])]
    }


def test_one_address_of_several_leaves_its_group():
    directory = Directory(groups=[group("t", mail=TEAM, pmMailAlias="info@example.org", pmMailDrop="x@y.z")])
    before = directory.state.aliases["info@example.org"]
    assert directory.changes("aliases", "info@example.org", before, None) == {
        f"cn=t,ou=aliases,{BASE}": [("delete", "pmmailalias", ["info@example.org"])]
    }
    assert directory.problems("aliases", TEAM, before, None) == [("item.address", TEAM)]


def test_without_groups_an_alias_leads_to_mailboxes_alone():
    directory = Directory(
        [person("a", "inetLocalMailRecipient", mail=ALICE)], directory_preset="inetlocalmailrecipient"
    )
    # The entries of people lie below the base itself here.
    assert directory.changes("aliases", TEAM, None, Alias(TEAM, (ALICE,), True)) == {
        f"uid=a,ou=people,{BASE}": [("add", "maillocaladdress", [TEAM])]
    }
    assert directory.problems("aliases", TEAM, None, Alias(TEAM, ("x@y.z",), True)) == [
        ("item.destinations", ["x@y.z"])
    ]
