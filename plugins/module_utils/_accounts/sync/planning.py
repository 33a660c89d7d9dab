# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From the options of ``account_sync`` to its plan: read both sides and the memory, decide, say what is done."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any, Optional

from ..._engine.errors import refuse
from ..._engine.plan import Plan, Step
from .. import show
from ..model import Effect
from ..stores import open_store, store_lock
from . import memory_host
from .engine import cap, decide
from .model import DECISIONS, NEWEST, Outcome, Present
from .rules import problems, rules_from
from .source import read_source

Params = Mapping[str, Any]


def plan_sync(params: Params) -> Plan:
    """The plan of ``account_sync``."""
    refuse(problems(params))
    store = open_store(params)
    accounts = read_source(params["source"])
    state = store.read()
    memory = memory_host.read(params)
    rules = rules_from(params)
    changed = store.times() if rules.conflict == NEWEST else {}
    outcome = decide(rules, accounts, Present(state, memory, changed, int(time.time())))
    cap(rules, outcome)
    where = {change.key: f"{change.key}: " for of_kind in outcome.changes for change in of_kind}
    refuse(store.problems(outcome.changes, where))
    unmet = store.unmet(outcome.changes, where)
    faults = store.faults()
    said = [*(fault.summary for fault in faults), *filter(None, [show.action(outcome.changes)])]
    effects = list(faults)
    steps = [Step("see that what is needed exists", partial(refuse, unmet), changes=False)] if unmet else []
    if said:
        steps.append(Step("; ".join(said), partial(store.write, outcome.changes)))
    if outcome.memory != memory:
        place = memory_host.path(params)
        summary = f"remember {len(outcome.memory)} accounts of {params['name']}"
        steps.append(Step(summary, partial(memory_host.write, params, outcome.memory)))
        counts = [f"{len(known)} accounts" if known else "absent" for known in (memory, outcome.memory)]
        effects.append(Effect(summary, place, *counts))
    return Plan(
        before=show.Diff(outcome.changes, effects, show.BEFORE),
        after=show.Diff(outcome.changes, effects, show.AFTER),
        steps=steps,
        result=result(outcome, len(accounts)),
        warnings=[*show.unmet(unmet), *store.warnings],
    )


def result(outcome: Outcome, seen: int) -> dict[str, Any]:
    """What was decided, for return values and reports."""
    counts = Counter(note.decision for note in outcome.notes)
    return {
        "decisions": [note._asdict() for note in outcome.notes],
        "counts": {"seen": seen, **{decision: counts[decision] for decision in DECISIONS}},
    }


def sync_lock(params: Params) -> Optional[str]:
    """What no second run may change meanwhile: the folder of the store, or for one on a server that of the memories."""
    return store_lock(params) or memory_host.FOLDER
