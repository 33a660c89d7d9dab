# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to change in a store so that it follows a source. Pure.

Only accounts that were made or adopted by a synchronisation are ever disabled or deleted by it: they are those in its
memory. Whatever a run is interrupted in, the next one comes to the same end: what is done already is found done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from ..._engine.errors import Error
from ..model import Alias, Change, Changes, Domain, Mailbox, domain_of
from ..passwords import LOCKED
from .facts import differences, facts_of, moved, new_mailbox, remembered, same, with_facts
from .model import (
    COMPARED,
    CONFLICT,
    CREATED,
    DELETE,
    DELETED,
    DESTINATION,
    DISABLED,
    KEEP,
    MOVED,
    NEWEST,
    RENAMED,
    REPORT,
    SKIPPED,
    SOURCE,
    UPDATED,
    Account,
    Known,
    Note,
    Outcome,
    Present,
    Rules,
)


def decide(rules: Rules, accounts: Sequence[Account], present: Present) -> Outcome:
    """What a run does about ``accounts``, all those of the source."""
    if not accounts:
        raise Error(
            "source: it has no accounts at all, which is taken for a fault of it; nothing was changed. "
            "Check its database or base, its filter, include and exclude, and the rights there"
        )
    return _Decider(rules, present).run(accounts)


def cap(rules: Rules, outcome: Outcome) -> None:
    """Refuse a run that takes more accounts away than expected."""
    gone = [note.address for note in outcome.notes if note.decision in (DISABLED, DELETED)]
    if len(gone) > rules.max_deletions:
        raise Error(
            f"{len(gone)} accounts would be disabled or deleted, more than max_deletions={rules.max_deletions}; "
            "nothing was changed. See that the source is whole, or raise max_deletions",
            deletions=gone,
        )


class _Decider:
    def __init__(self, rules: Rules, present: Present) -> None:
        self.rules = rules
        self.state, self.memory, self.changed, self.now = present
        self.remembered: dict[str, Known] = {}
        self.notes: list[Note] = []
        self.domains: dict[str, Domain] = {}
        self.mailboxes: dict[str, Optional[Mailbox]] = {}
        self.aliases: dict[str, Optional[Alias]] = {}
        self.owners = {known.address: identity for identity, known in self.memory.items()}

    def run(self, accounts: Sequence[Account]) -> Outcome:
        times = Counter(account.address for account in accounts if not account.fault)
        identities = Counter(account.identity for account in accounts)
        present = {account.identity for account in accounts}
        if self.rules.create_domains:
            # Before all else: a further address may be in the domain of somebody who comes later.
            names = {domain_of(account.address) for account in accounts if not account.fault}
            self.domains = {name: Domain(name) for name in sorted(names) if name not in self.state.domains}
        # Those who are gone give their addresses free before others may take them.
        for identity, known in self.memory.items():
            if identity not in present:
                self._vanished(identity, known)
        for account in accounts:
            fault = account.fault
            if identities[account.identity] > 1:
                fault = "several accounts of the source have this identity"
            elif times[account.address] > 1 and not fault:
                fault = "several accounts of the source have this address"
            if fault:
                self._skip(account, fault, SKIPPED if account.fault else CONFLICT)
            else:
                self._account(account)
        return Outcome(self._changes(), self.remembered, self.notes)

    # --- one account ---

    def _account(self, account: Account) -> None:
        known = self.memory.get(account.identity)
        given = account.facts
        if known is not None and known.switched_off:
            account = account._replace(facts={"enabled": True, **account.facts})
        fault = self._place_fault(account, known)
        if fault:
            self._skip(account, fault, CONFLICT if account.address in self.state.mailboxes else SKIPPED)
            return
        before = self._mailbox(account.address)
        renamed_from = ""
        if before is None and known is not None and known.address != account.address:
            former = self._mailbox(known.address)
            if former is not None:
                before, renamed_from = moved(former, account.address), known.address
        if before is None and known is not None and self.rules.conflict in (DESTINATION, REPORT):
            self._note(CONFLICT, account, "was deleted in the destination, and stays so")
            self.remembered[account.identity] = known
            return
        base = known.facts if known is not None else {}
        after, kept = self._merged(account, before, base)
        if renamed_from:
            self._rename(account, renamed_from)
        elif before is None:
            self._note(CREATED, account, "is new in the source" if known is None else "is missing in the destination")
        elif after != before:
            names = ", ".join(differences(before, after))
            self._note(UPDATED, account, names if known is not None else f"adopted: {names}")
        if known is not None and known.place != account.place and not renamed_from:
            self._note(MOVED, account, f"{known.place} is now {account.place}")
        if after != self.state.mailboxes.get(account.address):
            self.mailboxes[account.address] = after
        aliases = self._aliases(account, base.get("alias", ()), renamed_from)
        facts = {
            **{fact: kept[fact] for fact in COMPARED if fact in kept and fact in given},
            **({"alias": aliases} if aliases else {}),
        }
        old = known.former if known is not None else ()
        if renamed_from in self.aliases:
            old = (*old, renamed_from)
        self.remembered[account.identity] = Known(account.address, account.place, facts, None, old)

    def _place_fault(self, account: Account, known: Optional[Known]) -> str:
        """Why an account cannot be at its address."""
        name = domain_of(account.address)
        if not self._has_domain(account.address):
            return f"the domain {name} does not exist; create it with virtual_domain, or say create_domains"
        # Whoever gets an address that was another's must not get its mail as well: it has to be gone before.
        is_there = account.address in self.state.mailboxes
        owner = self.owners.get(account.address)
        if is_there and owner not in (None, account.identity):
            return f"the address is still that of {owner}; once that has given it up the next run goes on"
        if is_there and known is None and not self.rules.adopt:
            return "the address exists and was not made by this synchronisation; say adopt to take it over"
        both = is_there and known is not None and known.address in self.state.mailboxes
        if both and known is not None and known.address != account.address:
            return f"cannot be renamed from {known.address}: the new address is taken by another account"
        alias = self._alias(account.address)
        if alias is not None and not is_there and not (known is not None and account.address in known.former):
            return f"the address is an alias, which leads to {', '.join(alias.destinations)}"
        return ""

    def _merged(
        self, account: Account, before: Optional[Mailbox], base: Mapping[str, Any]
    ) -> tuple[Mailbox, dict[str, Any]]:
        """The mailbox as it shall be, and the facts to remember."""
        kept: dict[str, Any] = {}
        if before is None:
            kept = {fact: remembered(fact, value) for fact, value in account.facts.items()}
            # Nobody logs in whose password the source does not tell.
            return with_facts(new_mailbox(account.address), {"password": LOCKED, **account.facts}), kept
        present = facts_of(before)
        taken: dict[str, Any] = {}
        for fact in COMPARED:
            if fact not in account.facts:
                continue
            theirs, ours = account.facts[fact], present[fact]
            kept[fact] = remembered(fact, theirs)
            if same(fact, theirs, ours):
                continue
            untouched = fact in base and remembered(fact, ours) == base[fact]
            if untouched or self._source_wins(account, fact, fact in base):
                taken[fact] = theirs
            elif fact in base:
                kept[fact] = base[fact]
            else:
                del kept[fact]
        return with_facts(before, taken) if taken else before, kept

    def _source_wins(self, account: Account, fact: str, was_synchronised: bool) -> bool:
        """Decide between two values of a fact, and say so."""
        what = "was changed in the destination, too" if was_synchronised else "differs from the destination"
        if self.rules.conflict == SOURCE:
            if was_synchronised:
                self._note(CONFLICT, account, f"{fact} {what}: the source wins")
            return True
        if self.rules.conflict == NEWEST:
            here = self.changed.get(account.address)
            if account.changed is not None and here is not None and account.changed != here:
                newer = account.changed > here
                self._note(CONFLICT, account, f"{fact} {what}: the {'source' if newer else 'destination'} is newer")
                return newer
            what = f"{what}, and which is newer is not known"
        end = "the destination stays" if self.rules.conflict == DESTINATION else "nothing was changed"
        self._note(CONFLICT, account, f"{fact} {what}: {end}")
        return False

    # --- addresses ---

    def _rename(self, account: Account, former: str) -> None:
        """The mailbox moves with its mail; what led to the old address leads to the new one."""
        self._note(RENAMED, account, f"was {former}")
        self.mailboxes[former] = None
        if account.address in self.state.aliases:
            # Back to an address that it had before.
            self.aliases[account.address] = None
        for address, alias in {**self.state.aliases, **self.aliases}.items():
            if alias is not None and former in alias.destinations:
                route = tuple(dict.fromkeys(account.address if one == former else one for one in alias.destinations))
                self.aliases[address] = alias._replace(destinations=route)
        if self.rules.keep_old_address and self._has_domain(former):
            self.aliases[former] = Alias(former, (account.address,), True)

    def _aliases(self, account: Account, base: Sequence[str], former: str) -> tuple[str, ...]:
        """Further addresses; those that the synchronisation did not make are left alone. Returns those it has now."""
        wanted = tuple(account.facts.get("alias", ()))
        changed, made = [], []
        for address in wanted:
            alias = self._alias(address)
            if alias is not None and account.address in alias.destinations:
                made.append(address)
            elif alias is not None or self._mailbox(address) is not None:
                self._note(CONFLICT, account, f"the further address {address} belongs to somebody else")
            elif not self._has_domain(address):
                self._note(SKIPPED, account, f"the further address {address} is in a domain that does not exist")
            else:
                self.aliases[address] = Alias(address, (account.address,), True)
                made.append(address)
                changed.append(address)
        for address in base:
            alias = self._alias(address)
            if address not in wanted and address != former and alias and alias.destinations == (account.address,):
                self.aliases[address] = None
                changed.append(address)
        if changed and account.address not in self.mailboxes:
            self._note(UPDATED, account, f"further addresses: {', '.join(changed)}")
        return tuple(made)

    # --- those who are gone ---

    def _vanished(self, identity: str, known: Known) -> None:
        box = self._mailbox(known.address)
        if box is None:
            return
        gone = Account(identity, known.address, known.place, {})
        since = known.missing_since
        rules = self.rules
        if rules.vanished == KEEP:
            self._note(SKIPPED, gone, "is gone from the source, and is kept as it is")
            self.remembered[identity] = known
            return
        if since is None:
            since = self.now
        if rules.vanished == DELETE and self.now - since >= rules.grace:
            days = f"{(self.now - since) / 86400:.1f}".removesuffix(".0")
            self._note(DELETED, gone, f"has been gone from the source for {days} days")
            self.mailboxes[known.address] = None
            for address in (*known.facts.get("alias", ()), *known.former):
                alias = self._alias(address)
                if alias is not None and alias.destinations == (known.address,):
                    self.aliases[address] = None
            return
        facts, off = known.facts, known.switched_off
        if box.enabled and known.missing_since is None:
            self._note(DISABLED, gone, "is gone from the source")
            self.mailboxes[known.address] = with_facts(box, {"enabled": False})
            facts, off = {**facts, "enabled": False}, True
        self.remembered[identity] = known._replace(facts=facts, missing_since=since, switched_off=off)

    # --- the rest ---

    def _has_domain(self, address: str) -> bool:
        return domain_of(address) in self.state.domains or domain_of(address) in self.domains

    def _mailbox(self, address: str) -> Optional[Mailbox]:
        return self.mailboxes[address] if address in self.mailboxes else self.state.mailboxes.get(address)

    def _alias(self, address: str) -> Optional[Alias]:
        return self.aliases[address] if address in self.aliases else self.state.aliases.get(address)

    def _note(self, decision: str, account: Account, reason: str) -> None:
        self.notes.append(Note(decision, account.address, account.identity, reason))

    def _skip(self, account: Account, reason: str, decision: str = SKIPPED) -> None:
        self._note(decision, account, reason)
        if account.identity in self.memory:
            self.remembered[account.identity] = self.memory[account.identity]

    def _changes(self) -> Changes:
        def listed(present: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[Change]:
            pairs = ((key, present.get(key), after) for key, after in wanted.items())
            return [Change(key, before, after) for key, before, after in pairs if before != after]

        return Changes(
            listed(self.state.domains, self.domains),
            listed(self.state.mailboxes, self.mailboxes),
            listed(self.state.aliases, self.aliases),
        )
