# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two values are equal: the EQUALITY matching rules of RFC 4517, as normal forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Callable

Normaliser = Callable[[bytes], bytes]

ORDER = re.compile(rb"\{-?[0-9]+\}")
TIME = re.compile(r"(\d{10})(\d\d)?(\d\d)?(?:[.,](\d+))?(Z|[+-]\d{2}(?:\d{2})?)")


def normalisers(name: Normaliser) -> Mapping[str, Normaliser]:
    """By lower-case rule name. ``name`` normalises distinguished names. A rule that is not here compares bytes."""

    def name_and_uid(value: bytes) -> bytes:
        before, hash_, uid = value.rpartition(b"#")
        if hash_ and re.fullmatch(rb"'[01]*'B", uid):
            return name(before) + hash_ + uid
        return name(value)

    return {
        "caseignorematch": case_ignored,
        "caseignoreia5match": case_ignored,
        "caseignorelistmatch": lambda value: b"$".join(case_ignored(line) for line in value.split(b"$")),
        "caseexactmatch": spaces_collapsed,
        "caseexactia5match": spaces_collapsed,
        "objectidentifiermatch": case_ignored,
        # Definitions: the rule itself looks at the number alone, and would hide any other change.
        "objectidentifierfirstcomponentmatch": spaces_collapsed,
        "telephonenumbermatch": lambda value: re.sub(rb"[ -]", b"", value).lower(),
        "numericstringmatch": lambda value: value.replace(b" ", b""),
        "integermatch": integer,
        "integerfirstcomponentmatch": spaces_collapsed,
        "booleanmatch": lambda value: value.upper(),
        "distinguishednamematch": name,
        "uniquemembermatch": name_and_uid,
        "generalizedtimematch": time,
        "uuidmatch": lambda value: value.lower(),
        "bitstringmatch": lambda value: value,
    }


def spaces_collapsed(value: bytes) -> bytes:
    """Spaces at both ends do not count, and many count as one; neither does the way that Unicode writes an accent."""
    if value.isascii():
        return b" ".join(value.split())
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return value
    return " ".join(unicodedata.normalize("NFKC", text).split()).encode("utf-8")


def case_ignored(value: bytes) -> bytes:
    collapsed = spaces_collapsed(value)
    if collapsed.isascii():
        return collapsed.lower()
    try:
        return unicodedata.normalize("NFKC", collapsed.decode("utf-8").casefold()).encode("utf-8")
    except UnicodeDecodeError:
        return value


def integer(value: bytes) -> bytes:
    try:
        return str(int(value)).encode("ascii") if re.fullmatch(rb"-?[0-9]+", value) else value
    except ValueError:
        return value


def time(value: bytes) -> bytes:
    """A point of time in UTC; ``20260102030405+0100`` is ``20260102020405Z``."""
    found = TIME.fullmatch(value.decode("ascii", "replace"))
    if found is None:
        return value
    try:
        moment = datetime.strptime(f"{found[1]}{found[2] or '00'}{found[3] or '00'}", "%Y%m%d%H%M%S")
    except ValueError:
        return value
    zone = found[5]
    if zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5] or 0))
        moment = moment - offset if zone[0] == "+" else moment + offset
    fraction = (found[4] or "").rstrip("0")
    moment = moment.replace(tzinfo=timezone.utc)
    return f"{moment:%Y%m%d%H%M%S}{'.' + fraction if fraction else ''}Z".encode("ascii")


def without_order(value: bytes) -> bytes:
    """A value of an ordered attribute without the ``{0}`` that says its place."""
    found = ORDER.match(value)
    return value[found.end() :] if found else value
