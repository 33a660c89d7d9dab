# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a synchronisation decides, and that whatever it did it does no more the next time."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import Alias, Domain, Mailbox, State
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.passwords import LOCKED
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sync.engine import cap, decide
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.sync.model import (
    DAY,
    Account,
    Known,
    Present,
    Rules,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Error

HASH, OTHER = "$6$salt$" + "a" * 86, "$6$salt$" + "b" * 86
DOMAINS = {"example.org": Domain("example.org")}
EMPTY = State(DOMAINS, {}, {})
NOW = 1_000_000


def box(address, **facts):
    local, _at, domain = address.partition("@")
    made = Mailbox(address, HASH, "", f"{domain}/{local}/", 0, True, (address,), True, True, True, True, ())
    return made._replace(**facts)


def alice(address="alice@example.org", place="uid=alice", **facts):
    return Account("1", address, place, {"password": HASH, "name": "Alice", **facts})


BOB = Account("2", "bob@example.org", "uid=bob", {"name": "Bob"})


class World:
    """A destination and a memory that runs change."""

    def __init__(self, state=EMPTY, **rules):
        self.state = state
        self.memory = {}
        self.rules = Rules(**rules)
        self.changed = {}
        self.now = NOW

    def run(self, *accounts):
        """What is decided, as pairs; after the changes a second run must decide nothing new about accounts."""
        said = self.once(*accounts)
        again = decide(self.rules, accounts, Present(self.state, self.memory, self.changed, self.now))
        assert [list(kind) for kind in again.changes] == [[], [], []]
        assert again.memory == self.memory
        return said

    def once(self, *accounts):
        outcome = decide(self.rules, accounts, Present(self.state, self.memory, self.changed, self.now))
        cap(self.rules, outcome)
        kinds = []
        for present, changes in zip(self.state, outcome.changes):
            after = dict(present)
            for change in changes:
                assert change.before == present.get(change.key)
                after.pop(change.key, None)
                if change.after is not None:
                    after[change.key] = change.after
            kinds.append(after)
        self.state, self.memory = State(*kinds), outcome.memory
        return [(note.decision, note.address) for note in outcome.notes]

    def box(self, address):
        return self.state.mailboxes[address]


def test_new_accounts_are_created_with_what_the_source_gives():
    world = World()
    assert world.run(alice(quota=5, alias=("al@example.org",)), BOB) == [
        ("created", "alice@example.org"),
        ("created", "bob@example.org"),
    ]
    assert world.box("alice@example.org") == box("alice@example.org", name="Alice", quota=5)
    assert world.box("bob@example.org").password == LOCKED
    assert world.state.aliases == {"al@example.org": Alias("al@example.org", ("alice@example.org",), True)}


def test_what_changed_in_the_source_is_updated_and_hashes_are_not_remembered():
    world = World()
    world.run(alice())
    assert world.run(alice(password=OTHER, forward=("x@elsewhere.org",), keep_copy=True)) == [
        ("updated", "alice@example.org")
    ]
    assert world.box("alice@example.org").password == OTHER
    assert world.box("alice@example.org").route == ("alice@example.org", "x@elsewhere.org")
    assert OTHER not in str(world.memory)


def test_an_empty_source_is_an_error():
    world = World()
    world.run(alice())
    with pytest.raises(Error, match="no accounts at all"):
        world.run()


def test_a_moved_entry_is_told_and_a_changed_address_is_a_rename_with_its_mail():
    world = World(State(DOMAINS, {}, {"team@example.org": Alias("team@example.org", ("alice@example.org",), True)}))
    world.run(alice())
    assert world.run(alice(place="uid=alice,ou=left")) == [("moved", "alice@example.org")]
    assert world.run(alice("adams@example.org", "uid=alice,ou=left")) == [("renamed", "adams@example.org")]
    assert list(world.state.mailboxes) == ["adams@example.org"]
    assert world.box("adams@example.org").maildir == "example.org/alice/"
    assert world.box("adams@example.org").route == ("adams@example.org",)
    assert world.state.aliases["team@example.org"].destinations == ("adams@example.org",)
    assert world.state.aliases["alice@example.org"].destinations == ("adams@example.org",)
    assert world.run(alice(place="uid=alice,ou=left")) == [("renamed", "alice@example.org")]
    assert world.state.aliases["adams@example.org"].destinations == ("alice@example.org",)


def test_the_old_address_ends_when_it_is_not_kept():
    world = World(keep_old_address=False)
    world.run(alice())
    world.run(alice("adams@example.org"))
    assert world.state.aliases == {}


def test_a_rename_that_was_interrupted_before_the_memory_was_written():
    world = World()
    world.run(alice())
    before = world.memory
    world.run(alice("adams@example.org"))
    world.memory = before
    world.once(alice("adams@example.org"))
    assert list(world.state.mailboxes) == ["adams@example.org"]
    world.run(alice("adams@example.org"))


def test_somebody_who_vanished_is_disabled_then_deleted_and_may_come_back():
    world = World(grace=10 * DAY)
    world.run(alice(alias=("al@example.org",)), BOB)
    assert world.run(BOB) == [("disabled", "alice@example.org")]
    assert world.box("alice@example.org").enabled is False
    assert world.run(alice(alias=("al@example.org",)), BOB) == [("updated", "alice@example.org")]
    assert world.box("alice@example.org").enabled is True
    world.run(BOB)
    world.now += 10 * DAY - 1
    assert world.run(BOB) == []
    world.now += 1
    assert world.run(BOB) == [("deleted", "alice@example.org")]
    assert list(world.state.mailboxes) == ["bob@example.org"]
    assert world.state.aliases == {}


def test_only_disabled_or_kept_when_the_rules_say_so():
    for policy, enabled in (("disable", False), ("keep", True)):
        world = World(vanished=policy, grace=0)
        world.run(alice(), BOB)
        world.run(BOB)
        world.now += 1000 * DAY
        world.run(BOB)
        assert world.box("alice@example.org").enabled is enabled


def test_an_account_that_was_off_before_it_vanished_stays_off():
    world = World()
    world.run(alice(enabled=False), BOB)
    world.run(BOB)
    world.run(alice(), BOB)
    assert world.box("alice@example.org").enabled is False


def test_too_many_who_vanish_are_refused_and_nothing_is_touched():
    world = World(max_deletions=1)
    others = [BOB._replace(identity=str(number), address=f"b{number}@example.org") for number in range(3, 6)]
    world.run(alice(), BOB, *others)
    before = world.state
    with pytest.raises(Error, match="4 accounts would be disabled or deleted, more than max_deletions=1") as caught:
        world.run(alice())
    assert len(caught.value.details["deletions"]) == 4
    assert world.state == before


def test_strangers_in_the_destination_are_left_alone():
    world = World(State(DOMAINS, {"carol@example.org": box("carol@example.org")}, {}), grace=0)
    world.run(alice())
    assert world.box("carol@example.org") == box("carol@example.org")


@pytest.mark.parametrize(
    ("policy", "name"), [("source", "New"), ("destination", "Here"), ("report", "Here"), ("newest", "Here")]
)
def test_a_fact_that_both_changed(policy, name):
    world = World(conflict=policy)
    world.run(alice(quota=5))
    world.state.mailboxes["alice@example.org"] = world.box("alice@example.org")._replace(name="Here")
    said = world.run(alice(name="New", quota=7))
    assert [decision for decision, _address in said] == ["conflict", "updated"]
    assert world.box("alice@example.org").name == name
    # A fact without a conflict follows in any case.
    assert world.box("alice@example.org").quota == 7


@pytest.mark.parametrize(("changed", "name"), [(NOW + 1, "New"), (NOW - 1, "Here")])
def test_who_changed_last_wins(changed, name):
    world = World(conflict="newest")
    world.run(alice())
    world.state.mailboxes["alice@example.org"] = world.box("alice@example.org")._replace(name="Here")
    world.changed = {"alice@example.org": NOW}
    world.once(alice(name="New")._replace(changed=changed))
    assert world.box("alice@example.org").name == name


def test_adoption_and_its_refusal():
    there = State(DOMAINS, {"alice@example.org": box("alice@example.org", name="A")}, {})
    world = World(there)
    assert world.run(alice()) == [("updated", "alice@example.org")]
    world = World(there, adopt=False)
    assert world.run(alice(), BOB) == [("conflict", "alice@example.org"), ("created", "bob@example.org")]
    assert "1" not in world.memory


def test_deleted_by_hand_in_the_destination():
    for policy, there in (("source", True), ("destination", False), ("report", False)):
        world = World(conflict=policy)
        world.run(alice())
        world.state.mailboxes.clear()
        world.run(alice())
        assert ("alice@example.org" in world.state.mailboxes) is there


def test_an_address_is_free_once_its_owner_is_gone_and_never_with_his_mail():
    world = World(grace=0)
    world.run(alice(), BOB)
    heir = Account("3", "alice@example.org", "uid=heir", {"name": "Heir"})
    assert world.once(heir, BOB) == [("deleted", "alice@example.org"), ("conflict", "alice@example.org")]
    assert "alice@example.org" not in world.state.mailboxes
    assert world.run(heir, BOB) == [("created", "alice@example.org")]


def test_what_cannot_be_used_is_skipped_and_does_not_count_as_vanished():
    world = World()
    world.run(alice(), BOB)
    bad = alice()._replace(fault="uid=alice: has no address", address="")
    assert world.run(bad, BOB) == [("skipped", "")]
    assert world.box("alice@example.org").enabled is True
    twin = BOB._replace(identity="9")
    assert [decision for decision, _address in world.run(alice(), BOB, twin)] == ["conflict", "conflict"]
    elsewhere = BOB._replace(address="bob@nowhere.org")
    assert world.run(alice(), elsewhere) == [("skipped", "bob@nowhere.org")]
    assert "bob@example.org" in world.state.mailboxes


def test_domains_are_created_when_asked_for():
    world = World(State({}, {}, {}), create_domains=True)
    world.run(alice(alias=("al@later.org",)), BOB._replace(address="bob@later.org"))
    assert list(world.state.domains) == ["example.org", "later.org"]
    assert list(world.state.aliases) == ["al@later.org"]


def test_further_addresses_follow_and_those_of_others_stay():
    other = Alias("info@example.org", ("bob@example.org",), True)
    world = World(State(DOMAINS, {}, {"info@example.org": other}))
    world.run(alice(alias=("al@example.org", "info@example.org", "x@nowhere.org")), BOB)
    assert world.state.aliases["info@example.org"] == other
    assert world.run(alice(alias=("ally@example.org",)), BOB) == [("updated", "alice@example.org")]
    assert sorted(world.state.aliases) == ["ally@example.org", "info@example.org"]


def test_a_new_account_at_the_address_of_an_alias_is_skipped():
    world = World(State(DOMAINS, {}, {"alice@example.org": Alias("alice@example.org", ("x@y.org",), True)}))
    assert world.run(alice(), BOB) == [("skipped", "alice@example.org"), ("created", "bob@example.org")]


def test_a_memory_whose_account_is_gone_everywhere_is_forgotten():
    world = World()
    world.memory = {"7": Known("gone@example.org", "uid=gone", {})}
    world.run(alice())
    assert list(world.memory) == ["1"]
