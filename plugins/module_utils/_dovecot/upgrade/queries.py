# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries of an SQL user database: columns that 2.4 knows under another name, or in another form."""

from __future__ import annotations

import re
from typing import Optional

from .places import COLON, DRIVERS, OPTIONS, RENAMED_DRIVERS, SWITCHES
from .variables import AUTH, converted

SELECT = re.compile(r"(?P<head>\s*SELECT\s+(?:DISTINCT\s+)?)", re.IGNORECASE)
COLUMN = re.compile(
    r"(?P<what>.*?)\s+(?:AS\s+)?(?P<quote>[`\"']?)(?P<name>\w+)(?P=quote)\s*", re.IGNORECASE | re.DOTALL
)
# Extra fields that are settings, under their new names.
FIELDS = {
    **{"lazy_expunge": "lazy_expunge_mailbox", "mail_crypt_private_password": "crypt_user_key_password"},
    # Whose rights count, where it is given; what 2.4 calls so is another matter.
    "master_user": "acl_user",
    **{"sieve": "sieve_script/personal/active_path", "sieve_dir": "sieve_script/personal/path"},
    **{"quota_max_mail_size": "quota_mail_size", "quota_over_flag": "quota_over_status_current"},
}
# Those that need more than another name.
CHANGED = re.compile(
    r"quota\d+(?:_rule\d*)?|quota_(?:rule|warning)\d+|quota_warning|sieve_(?:before|after)\d*|sieve_storage|mail_replica"
    r"|zlib_save(?:_level)?|acl|fts_autoindex_exclude\d*"
)
# In brackets that are not those of a function, with no others in it.
INNER = re.compile(r"\s*\([^()]*\)\s*")
UNIT = re.compile(r"[BKMGT]B?", re.IGNORECASE)
LITERAL = re.compile(r"'(?P<text>[^']*)'|\"(?P<double>[^\"]*)\"")
CONCAT = re.compile(r"\s*CONCAT\s*\((?P<parts>.*)\)\s*", re.IGNORECASE | re.DOTALL)
OPTION = re.compile(r"(?P<key>[A-Za-z0-9-]+)(?P<equals>=?)(?P<value>.*)", re.DOTALL)


def converted_query(query: str) -> tuple[str, list[str]]:
    """A query for 2.4, and what in it somebody has to decide about."""
    text, unknown = converted(query, AUTH)
    wrong = [f"2.4 has nothing for {name}: write the query anew" for name in unknown]
    split = _columns(text)
    if split is None:
        # Not a plain SELECT: a function of the database may return the columns, as far as anybody can see.
        if re.search(r"\b(?:userdb_)?(?:quota_rule|mail)\b", text):
            wrong.append("may return mail or quota_rule: return mail_path and quota_storage_size instead")
        return text, wrong
    head, columns, tail = split
    new: list[str] = []
    for column in columns:
        changed = _column(column)
        if changed is None:
            wrong.append(f"returns `{column.strip()}`: {_instead(column)}")
        new.append(column if changed is None else changed)
    return f"{head}{','.join(new)}{tail}", wrong


def _instead(column: str) -> str:
    about_mail = re.search(r"(?:mail|quota_rule|quota)\W*$", column)
    return "return mail_driver, mail_path or quota_storage_size instead" if about_mail else "2.4 has it in another form"


def _columns(query: str) -> Optional[tuple[str, list[str], str]]:
    """What is before, between the commas of, and after the list of columns."""
    match = SELECT.match(query)
    if not match:
        return None
    columns, start, depth, quote = [], match.end(), 0, ""
    for at in range(match.end(), len(query)):
        letter = query[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif depth == 0 and letter == ",":
            columns.append(query[start:at])
            start = at + 1
        elif depth == 0 and re.match(r"\sFROM\s", query[at:], re.IGNORECASE):
            return match["head"], [*columns, query[start:at]], query[at:]
    return match["head"], [*columns, query[start:]], ""


def _column(column: str) -> Optional[str]:
    """One column for 2.4, or nothing where it cannot be told what it holds."""
    match = COLUMN.fullmatch(column)
    name = match["name"] if match else column.strip().rpartition(".")[2].strip('`"')
    prefix = "userdb_" if name.startswith("userdb_") else ""
    bare = name[len(prefix) :]
    if match and bare in FIELDS:
        name = f"{prefix}{FIELDS[bare]}"
        return f"{match['what']} AS " + (f'"{name}"' if "/" in name else name)
    if bare in FIELDS or CHANGED.fullmatch(bare):
        return None
    if bare not in ("mail", "quota_rule", "quota"):
        return column
    if match is None:
        return column if bare == "quota" else None
    if bare == "quota":
        return None
    pieces = _pieces(match["what"])
    found = (_place if bare == "mail" else _limits)(pieces) if pieces else None
    blanks = column[: len(column) - len(column.lstrip())]
    return None if found is None else blanks + ", ".join(f"{what} AS {prefix}{new}" for new, what in found)


class _Piece:
    """What is between two colons of a text that a query puts together: literals with their quotes, and expressions."""

    def __init__(self, chained: bool) -> None:
        self.parts: list[str] = []
        self.chained = chained

    @property
    def text(self) -> Optional[str]:
        """The text, where the database adds nothing to it."""
        texts = [_unquoted(part) for part in self.parts]
        return None if None in texts else "".join(text or "" for text in texts)

    def take(self, pattern: re.Pattern[str]) -> Optional[re.Match[str]]:
        """Take what the pattern finds out of the literal that it begins with."""
        first = _unquoted(self.parts[0]) if self.parts else None
        found = pattern.fullmatch(first) if first is not None else None
        if found:
            rest = found["value"]
            self.parts[:1] = [f"'{rest}'"] if rest or len(self.parts) == 1 else []
        return found

    def sql(self, more: str = "") -> str:
        parts = [*self.parts, f"'{more}'"] if more else self.parts
        text = self.text
        if text is not None:
            return f"'{text}{more}'"
        if len(parts) == 1:
            return parts[0]
        return " || ".join(parts) if self.chained else f"CONCAT({', '.join(parts)})"


def _unquoted(part: str) -> Optional[str]:
    literal = LITERAL.fullmatch(part.strip())
    if literal is None:
        return None
    return literal["text"] if literal["text"] is not None else literal["double"]


def _pieces(what: str) -> Optional[list[_Piece]]:
    """A literal, ``CONCAT('a:', b)`` or ``'a:' || b`` between its colons; nothing for anything else."""
    while INNER.fullmatch(what):
        what = what.strip()[1:-1]
    concat = CONCAT.fullmatch(what)
    chained = concat is None
    parts = _split(concat["parts"], ",") if concat else _split(what, "||")
    if concat and len(_split(what.strip(), "||")) > 1:
        return None
    pieces = [_Piece(chained)]
    for part in parts:
        text = _unquoted(part)
        if text is None:
            pieces[-1].parts.append(part.strip())
            continue
        for number, piece in enumerate(COLON.split(text)):
            if number:
                pieces.append(_Piece(chained))
            if piece:
                pieces[-1].parts.append(f"'{piece}'")
    return pieces if len(pieces) > 1 else None


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators that are in no quotes and no brackets."""
    parts, start, depth, quote, at = [], 0, 0, "", 0
    while at < len(text):
        letter = text[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif depth == 0 and text.startswith(separator, at):
            parts.append(text[start:at])
            at += len(separator)
            start = at
            continue
        at += 1
    return [*parts, text[start:]]


def _place(pieces: list[_Piece]) -> Optional[list[tuple[str, str]]]:
    """``maildir:/path:INDEX=/path`` to columns."""
    driver, path, *options = pieces
    literal = driver.text
    if literal is not None and literal not in DRIVERS:
        return None
    if literal is None and (len(driver.parts) != 1 or not path.parts):
        return None
    found = [("mail_path", path.sql())] if path.parts else []
    found.append(("mail_driver", f"'{RENAMED_DRIVERS.get(literal, literal)}'" if literal else driver.sql()))
    for option in options:
        match = option.take(OPTION)
        if match is None:
            return None
        if match["equals"] and match["key"] in OPTIONS:
            found.append((OPTIONS[match["key"]], option.sql()))
        elif match["key"] in SWITCHES and not match["equals"] and not match["value"]:
            name, value = SWITCHES[match["key"]]
            found.append((name, f"'{value}'"))
        else:
            return None
    return found


def _limits(pieces: list[_Piece]) -> Optional[list[tuple[str, str]]]:
    """``*:storage=100M:messages=1000`` to columns."""
    if pieces[0].text != "*":
        return None
    found = []
    for piece in pieces[1:]:
        match = piece.take(OPTION)
        if match is None or not match["equals"] or not piece.parts:
            return None
        if match["key"] in ("bytes", "storage"):
            unit = "B" if match["key"] == "bytes" else "K"
            last = _unquoted(piece.parts[-1])
            # A unit of its own, and white space that 2.4 does not take.
            if last is not None and (UNIT.fullmatch(last.strip()) or re.fullmatch(r"\d+\s*[BKMGT]B?", last, re.I)):
                unit = ""
            found.append(("quota_storage_size", piece.sql(unit)))
        elif match["key"] == "messages":
            found.append(("quota_message_count", piece.sql()))
        else:
            return None
    return found
