# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names in compiled files."""

from __future__ import annotations

import struct
from typing import Optional

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._dovecot.libraries import (
    Known,
    constants,
    names,
    near,
    needed,
)

SECTIONS = b"\0.symtab\0.rodata\0.shstrtab\0"


def library(held: bytes, symbols: bytes = b"", wide: bool = True, order: str = "<") -> bytes:
    """An ELF file with constants and names of functions, of 64 bits and the lowest byte first or otherwise."""
    word, header_size, entry = ("Q", 64, "IIQQQQIIQQ") if wide else ("I", 52, "IIIIIIIIII")
    contents = [b"", symbols, held, SECTIONS]
    offsets = [header_size + sum(map(len, contents[:number])) for number in range(len(contents))]
    table = offsets[-1] + len(SECTIONS)
    size = struct.calcsize(f"={entry}")
    start = b"\x7fELF" + bytes([1 + wide, 1 if order == "<" else 2, 1]) + bytes(9)
    head = struct.pack(f"{order}HHI{word}{word}{word}IHHHHHH", 3, 62, 1, 0, 0, table, 0, header_size, 0, 0, size, 4, 3)
    found = [0, 1, 9, 17]
    rows = [
        struct.pack(f"{order}{entry}", found[number], 1, 0, 0, offsets[number], len(content), 0, 0, 0, 0)
        for number, content in enumerate(contents)
    ]
    return start + head + b"".join(contents) + b"".join(rows)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
def test_constants(wide: bool, order: str) -> None:
    assert constants(library(b"a_b\0c d\0", b"\0function_name\0", wide, order)) == b"a_b\0c d\0"


def test_other_files_have_none() -> None:
    assert constants(b"#!/bin/sh\n") == b""
    assert constants(library(b"x").replace(b".rodata", b".xxxxxx")) == b""


def test_names() -> None:
    held = b"quota\0quota_vsizes\0_rule\0%s_warning%d\0A message\0fts_filters_\0x%s\0"
    assert names(library(held, b"\0quota_init\0")) == {
        *("quota_vsizes", "quota_rule", "quota_warning", "quota_vsizes_rule", "quota_vsizes_warning"),
    }


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("sieve_dir", True),
        ("quota_vsizes", True),
        ("sizes", True),
        ("sieve_before2", True),
        ("sieve_beforex", False),
        ("sieve_pipe_bin_dir", True),
        ("sieve_pipe_bin_dirs", False),
        ("fts_filters_de", True),
        ("fts_filter_de", False),
        ("sieve_dri", False),
    ],
)
def test_what_is_known(name: str, known: bool) -> None:
    held = b"sieve_dir\0quota_vsizes\0sieve_before%u\0sieve_%s_bin_dir\0fts_filters_\0sieve_\0a%s\0"
    assert (name in Known([b"", library(held)])) == known


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("quota_ruel", "quota_rule"),
        ("qouta_rulle", "quota_rule"),
        ("quotarule", "quota_rule"),
        ("acl_usr", "acl_user"),
        ("acl_usre", "acl_user"),
        ("acl_us", None),
        ("quota_limit", None),
        ("other", None),
    ],
)
def test_what_is_meant(name: str, meant: Optional[str]) -> None:
    assert near(name, {"quota_rule", "quota_grace", "acl_user"}) == meant


def test_libraries_that_a_plugin_needs() -> None:
    files = {"libdovecot-sieve.so.0.0.0": b"s", "libdovecot-fts.so.0.0.0": b"f", "lib90_sieve_plugin.so": b"p"}
    assert list(needed(b"\0libdovecot-sieve.so.0\0libc.so.6\0", files)) == [b"s"]
