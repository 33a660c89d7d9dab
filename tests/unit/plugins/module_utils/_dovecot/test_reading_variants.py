# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One configuration in the many ways in which people write it, and with one fault at each place."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Union

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.flattening import lines_of
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.reading import Section, parse
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.settings import quoted, text_of

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = [GOLDEN / f"server-{syntax}" / "dovecot.conf" for syntax in ("2.3", "2.4")]
VALUES = (
    *("yes", "", "a b", "plain login", "*, ::", "%Lh/x:INDEX=~/y", r"\Sent", "x = y", "{", "it's", "</etc/ssl/a.pem"),
    *("a#b", "# c", ' "x" ', "'y'", "a # b 'c", "tab\there", "end\\", r"\"", "$mail_plugins quota", "café", "}", "!a"),
)
HEADERS = (
    "plugin",
    "service imap-login",
    'mailbox "Sent Messages"',
    "protocol !imap",
    "local_name *.x.example",
    "remote ::1",
)
Tree = list[Union[tuple[str, str], tuple[str, "Tree"]]]


def some_tree(rnd: random.Random, depth: int = 0) -> Tree:
    tree: Tree = []
    for number in range(rnd.randrange(1, 5)):
        if depth < 3 and rnd.random() < 0.4:
            tree.append((rnd.choice(HEADERS), some_tree(rnd, depth + 1)))
        else:
            tree.append((f"name{number}", rnd.choice(VALUES)))
    return tree


def written(tree: Tree, rnd: random.Random) -> Iterator[str]:
    """The rows of a tree, written as somebody might."""
    for name, inside in tree:
        yield from rnd.choice([[], [], [""], ["  # x = {"], ["\t#}"]])
        indent, comment = rnd.choice(["", "  ", "\t"]), rnd.choice(["", "", " # }", "\t#\\ "])
        if isinstance(inside, list):
            yield f"{indent}{name}{rnd.choice([' ', '  ', chr(9)])}{{{comment}"
            yield from written(inside, rnd)
            yield f"{indent}}}{comment}"
            continue
        bare = inside and not any(letter in inside for letter in "#'\"\\\t") and not inside.startswith("<")
        value = inside if inside.startswith("</") or (bare and rnd.random() < 0.7) else quoted(inside)
        row = f"{indent}{name}{rnd.choice([' = ', '=', ' =', chr(9) + '=  '])}{value}"
        head, blank, tail = row.rpartition(" ")
        if blank and bare and not comment and rnd.random() < 0.3 and "=" in head and "  " not in row:
            yield from (f"{head} \\", f"   {tail}")
        else:
            yield f"{row}{comment}"


def shown(section: Section) -> Tree:
    kinds = {id(item): (item.name, item.value) for item in section.settings}
    return [kinds.get(id(item)) or (header_of(item), shown(item)) for item in section.items]


def header_of(section: Section) -> str:
    return f'{section.kind} "{section.name}"' if " " in section.name else section.header


@pytest.mark.parametrize("seed", range(60))
def test_it_is_read_as_it_was_meant(seed: int) -> None:
    rnd = random.Random(seed)
    tree = some_tree(rnd)
    text = rnd.choice(["\n", "\r\n"]).join(written(tree, rnd))
    found = parse(text)
    assert found.faults == []
    assert found.doubts == []
    assert without_marks(shown(found.root)) == without_marks(tree)
    # Its lines mean the same.
    again = parse(text_of(lines_of(found)))
    assert shown(again.root) == shown(found.root)


def without_marks(tree: Tree) -> Tree:
    """The < before the name of a file is no part of it."""
    return [(name, without_marks(it) if isinstance(it, list) else it.removeprefix("<")) for name, it in tree]


FAULTS = {
    "a } is missing": lambda row: None if row.strip() == "}" else row,
    "a } too many": lambda row: f"{row}\n}}" if row.strip() == "}" else row,
    "no blank before the {": lambda row: row.replace(" {", "{") if row.endswith(" {") and '"' not in row else row,
    "a setting behind the {": lambda row: f"{row} x = y" if row.endswith(" {") else row,
    "the { on a line of its own": lambda row: row.replace(" {", "\n{") if row.endswith(" {") else row,
    "no =": lambda row: row.replace(" = ", " ", 1) if " = " in row else row,
    "a \\ at the end": lambda row: f"{row} \\\n" if " = " in row and not row.endswith("\\") else row,
    "a missing file": lambda row: f"!include none.conf\n{row}",
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_is_found_wherever_it_is(sample: Path, fault: str) -> None:
    rows = sample.read_text().splitlines()
    assert parse("\n".join(rows)).faults == []
    tried = 0
    for at, row in enumerate(rows):
        broken = FAULTS[fault](row)
        if broken == row or row.lstrip().startswith("#"):
            continue
        tried += 1
        text = "\n".join([*rows[:at], *([] if broken is None else [broken]), *rows[at + 1 :]])
        assert parse(text).faults, f"line {at + 1}: {broken}"
    assert tried > 5
