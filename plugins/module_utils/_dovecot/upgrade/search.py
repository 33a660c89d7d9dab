# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Full text search: the settings of the section ``plugin`` to sections ``fts`` and ``language``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Optional

from .ledger import Entry, Ledger
from .merging import Node

DRIVERS = ("flatcurve", "solr", "xapian")
SAME = {
    *("fts_autoindex", "fts_autoindex_max_recent_msgs", "fts_message_max_size", "fts_header_excludes"),
    *("fts_header_includes", "fts_search_timeout", "fts_flatcurve_commit_limit", "fts_flatcurve_min_term_size"),
    *("fts_flatcurve_optimize_limit", "fts_flatcurve_rotate_count", "fts_flatcurve_rotate_time"),
    "fts_flatcurve_substring_search",
}
LANGUAGES = "language"
# What a setting becomes: names, each with a value of its own, or nothing for the value that it had.
PLAIN: Mapping[str, Mapping[str, Optional[str]]] = {
    "fts_decoder": {"fts_decoder_driver": "script", "fts_decoder_script_socket_path": None},
    "fts_index_timeout": {"fts_search_timeout": None},
    "fts_language_config": {"textcat_config_path": None},
    "fts_tika": {"fts_decoder_driver": "tika", "fts_decoder_tika_url": None},
}


def convert(node: Node, ledger: Ledger, inbox: str, special_uses: dict[str, str]) -> None:
    """All that is about searching. ``special_uses`` maps a use like ``\\Trash`` to the mailbox that has it."""
    driver = _driver(node, ledger)
    _languages(node, driver, ledger)
    for entry in node.take_matching(r"fts_autoindex_exclude\d*"):
        name = special_uses.get(entry.value, entry.value)
        if name.startswith("\\"):
            ledger.drop(entry, "no mailbox has this use")
        else:
            ledger.convert(entry, (inbox, f"mailbox {name}", "fts_autoindex"), "no")
    for entry in node.take_matching("|".join(sorted(PLAIN))):
        for target, value in PLAIN[entry.key].items():
            ledger.convert(entry, (target,), entry.value if value is None else value)
    for entry in node.take_matching("fts_enforced"):
        missing = {"no": "no", "body": "body-search-only"}.get(entry.value, "yes")
        ledger.convert(entry, ("fts_search_add_missing",), missing)
        ledger.convert(entry, ("fts_search_read_fallback",), "no" if entry.is_yes else "yes")
    for entry in node.take_matching("|".join(sorted(SAME))):
        ledger.same(entry, (entry.key,))


def _driver(node: Node, ledger: Ledger) -> Optional[Entry]:
    driver = node.take("fts")
    options = node.take_matching("fts_(?:solr|xapian|squat|lucene)")
    if driver and driver.value not in DRIVERS:
        ledger.ask(
            driver, f"2.4 has no fts driver {driver.value}: use flatcurve, and build its index by `doveadm index`"
        )
        for entry in options:
            ledger.drop(entry, "goes with the driver")
    elif driver:
        ledger.convert(driver, (f"fts {driver.value}", "driver"), driver.value)
        for entry in options:
            _options(entry, driver.value, ledger)
    else:
        for entry in options:
            ledger.drop(entry, "no fts driver is set")
    return driver


def _options(entry: Entry, driver: str, ledger: Ledger) -> None:
    """``url=http://... break-imap-search`` and ``partial=3 full=20``."""
    header = f"fts {driver}"
    names = {"url": "url", "batch_size": "batch_size", "soft_commit": "soft_commit", "partial": "partial"}
    names.update({"verbose": "verbose", "lowmemory": "lowmemory", "maxthreads": "maxthreads"})
    for word in entry.value.split():
        key, _equals, value = word.partition("=")
        if entry.key != f"fts_{driver}":
            ledger.drop(entry, f"the driver is {driver}")
        elif key in names:
            ledger.convert(entry, (header, f"fts_{driver}_{names[key]}"), value)
        elif key == "rawlog_dir":
            ledger.convert(entry, (header, "http_client_rawlog_dir"), value)
        elif key in ("break-imap-search", "debug", "default_ns", "full", "attachments"):
            ledger.done(entry)
        else:
            ledger.ask(entry, f"2.4 has nothing for {word}")


def _languages(node: Node, driver: Optional[Entry], ledger: Ledger) -> None:
    """One language is the default, and 2.4 wants one."""
    languages = node.take("fts_languages")
    filters = {entry.key: entry for entry in node.take_matching(r"fts_filters(?:_\w+)?")}
    tokenizers = {entry.key: entry for entry in node.take_matching(r"fts_tokenizers?(?:_\w+)*")}
    if languages:
        for number, name in enumerate(languages.words):
            header = f"{LANGUAGES} {name}"
            ledger.convert(languages, (header, "default"), "no" if number else "yes")
            entry = filters.get(f"fts_filters_{name}") or filters.get("fts_filters")
            if entry:
                ledger.convert(entry, (header, "filters"), " ".join(entry.words))
    elif driver and driver.value in DRIVERS:
        ledger.add((*driver.scope, f"{LANGUAGES} en", "default"), "yes", "2.4 wants a language that is the default")
    for key, entry in filters.items():
        if id(entry.setting) not in ledger.outcomes:
            if key == "fts_filters" and languages is None:
                ledger.convert(entry, (f"{LANGUAGES} en", "filters"), " ".join(entry.words))
            else:
                ledger.drop(entry, "no such language is set")
    for key, entry in tokenizers.items():
        if key == "fts_tokenizers":
            ledger.convert(entry, ("language_tokenizers",), " ".join(entry.words))
        else:
            _tokenizer(entry, ledger)


def _tokenizer(entry: Entry, ledger: Ledger) -> None:
    """``algorithm=tr29 maxlen=30``."""
    kind = "address" if "email" in entry.key else "generic"
    names = {"algorithm": "algorithm", "maxlen": "token_maxlen", "wb5a": "wb5a", "explicitprefix": "explicit_prefix"}
    for word in entry.value.split():
        key, _equals, value = word.partition("=")
        if key in names:
            ledger.convert(entry, (f"language_tokenizer_{kind}_{names[key]}",), value or "yes")
        else:
            ledger.ask(entry, f"2.4 has nothing for {word}")


def special_uses(root: Node) -> dict[str, str]:
    """The mailboxes by their use."""
    found: dict[str, str] = {}
    for child in root.children:
        for box in child.children if child.kind == "namespace" else ():
            use = box.entries.get("special_use")
            for word in re.findall(r"\\\w+", use.value) if use else ():
                found.setdefault(word, box.name)
    return found
