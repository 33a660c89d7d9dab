# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a table whose rules are tried in order (regexp_table(5), pcre_table(5), cidr_table(5)). Pure.

The order is part of what such a table means, so a change is a merge of two sequences of rules.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

from .._engine.secrets import CHANGED, HIDDEN
from . import logical_lines
from .table_file import Edited

IF, ENDIF = "if", "endif"
_EXPRESSION = r"!?([^\w\s])(?:\\.|(?!\{group}).)*\{group}\w*"
# "/one/!/other/" excludes in regexp tables; pcre_table(5) has no such thing and says so itself.
_END = r"(?=[ \t\v\f\r]|$)"
_PATTERN = re.compile(f"{_EXPRESSION.format(group=1)}(?:{_EXPRESSION.format(group=2)})?{_END}", re.DOTALL)
_CONDITION = re.compile(rf"(if|endif){_END}(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Rule:
    """One logical line: a ``pattern`` with its ``value``, or a condition, of which ``pattern`` begins with its word."""

    pattern: str
    value: str = ""

    @property
    def is_condition(self) -> bool:
        return self.pattern == ENDIF or self.pattern.startswith(f"{IF} ")

    @property
    def line(self) -> str:
        return f"{self.pattern}\t{self.value}".rstrip("\t")


def rule(line: str) -> Rule:
    """The rule in a logical line. What Postfix would not understand is a rule without value."""
    condition = _CONDITION.fullmatch(line)
    if condition:
        return Rule(f"{condition[1].lower()} {condition[2].strip(logical_lines.WHITESPACE)}".rstrip(" "))
    expression = _PATTERN.match(line)
    end = expression.end() if expression else len(re.match(r"[^ \t\v\f\r]*", line)[0])  # type: ignore[index]
    return Rule(line[:end], logical_lines.meaning(line[end:]))


def rules(text: str) -> list[Rule]:
    """All rules in order."""
    return [rule(chunk.text) for chunk in logical_lines.split(text) if chunk.text is not None]


def merged(present: Sequence[Rule], wanted: Sequence[tuple[Rule, bool]]) -> tuple[list[Rule], bool]:
    """The ``present`` rules with the ``wanted`` ones (false: shall not be), and whether their order is theirs too.

    A new rule follows the wanted one before it, or precedes the next one, or comes last.
    """
    declared = {one.pattern: (one, stays) for one, stays in wanted}
    kept = [declared.get(one.pattern, (one, True)) for one in present]
    result = [one for one, stays in kept if stays]
    places = {one.pattern: index for index, one in reversed(list(enumerate(result)))}
    known = [places[one.pattern] for one, stays in wanted if stays and one.pattern in places]
    position = len(result) if not known else known[0]
    inserted: dict[int, list[Rule]] = {}
    for one, stays in wanted:
        if one.pattern in places:
            position = places[one.pattern] + 1
        elif stays:
            inserted.setdefault(position, []).append(one)
    merged_rules: list[Rule] = []
    for index in range(len(result) + 1):
        merged_rules += inserted.get(index, [])
        merged_rules += result[index : index + 1]
    return merged_rules, known == sorted(known)


def edit(text: str, wanted: Sequence[Rule]) -> Edited:
    """``text`` with exactly the ``wanted`` rules in their order; a rule that stays keeps its lines, comments stay."""
    present, heads, tail = _chunks(text)
    old = [one for one, _lines in present]
    if old == list(wanted):
        return Edited(text)
    lines: list[str] = []
    matcher = difflib.SequenceMatcher(a=old, b=list(wanted), autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        for index in range(start, end):
            lines += heads[index]
            if tag == "equal":
                lines += present[index][1]
        if tag != "equal":
            lines += [one.line for one in wanted[new_start:new_end]]
    before, after = {one.pattern: one.value for one in old}, {one.pattern: one.value for one in wanted}
    return Edited(
        "".join(f"{line}\n" for line in [*lines, *tail]),
        tuple(one for one in after if one not in before),
        tuple(one for one in after if one in before and before[one] != after[one]),
        tuple(one for one in before if one not in after),
    )


def masked(before: Optional[str], after: Optional[str]) -> tuple[Optional[str], Optional[str]]:
    """Both texts without values and comments, so that a change shows."""
    old = set(rules(before or ""))
    return (
        None if before is None else "".join(f"{_masked(one, HIDDEN)}\n" for one in rules(before)),
        None
        if after is None
        else "".join(f"{_masked(one, HIDDEN if one in old else CHANGED)}\n" for one in rules(after)),
    )


def _masked(one: Rule, mask: str) -> str:
    return Rule(one.pattern, mask if one.value else "").line


def _chunks(text: str) -> tuple[list[tuple[Rule, tuple[str, ...]]], list[list[str]], list[str]]:
    """The rules with their lines, the comments before each, and those after the last."""
    present: list[tuple[Rule, tuple[str, ...]]] = []
    heads: list[list[str]] = []
    waiting: list[str] = []
    for chunk in logical_lines.split(text):
        if chunk.text is None:
            waiting += chunk.lines
        else:
            present.append((rule(chunk.text), chunk.lines))
            heads.append(waiting)
            waiting = []
    return present, heads, waiting
