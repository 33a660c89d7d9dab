# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running an installed tool: always a list, the C locale, a time limit, never a secret among the arguments."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Optional, Union

from .errors import Error

# Ansible may log in with a PATH that lacks the directories of the daemons' tools.
SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# Bytes that are read at once where lines are wanted.
BLOCK = 1 << 16


@dataclass(frozen=True)
class Result:
    """What a command said. ``seconds`` is wall time."""

    argv: Sequence[str]
    rc: int
    stdout: str
    stderr: str
    seconds: float


class CommandError(Error):
    """A tool that is missing, failed or took too long."""


def find(name: str) -> Optional[str]:
    """Full path of an installed tool, or nothing."""
    return shutil.which(name, path=SEARCH_PATH)


def run(
    argv: Sequence[str],
    stdin: Union[str, bytes, None] = None,
    timeout: float = 60.0,
    accept: Optional[Sequence[int]] = (0,),
    env: Optional[Mapping[str, str]] = None,
) -> Result:
    """Run ``argv`` and return its result; raise :class:`CommandError` for an exit code not in ``accept``.

    ``accept=None`` takes any exit code. ``timeout`` is in seconds. Secrets go through ``stdin``. Output that is not
    UTF-8 is kept through surrogate escapes.
    """
    program, environment = _program(argv), {**_environment(), **(env or {})}
    data = stdin.encode("utf-8", "surrogateescape") if isinstance(stdin, str) else stdin
    started = time.monotonic()
    try:
        done = subprocess.run(
            [program, *argv[1:]],
            input=data if data is not None else b"",
            capture_output=True,
            timeout=timeout,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CommandError(f"{' '.join(argv)} did not end within {timeout:g} seconds") from error
    except OSError as error:
        raise CommandError(f"{' '.join(argv)} cannot be run: {error}") from error
    result = Result(
        argv=tuple(argv),
        rc=done.returncode,
        stdout=done.stdout.decode("utf-8", "surrogateescape"),
        stderr=done.stderr.decode("utf-8", "surrogateescape"),
        seconds=time.monotonic() - started,
    )
    if accept is not None and result.rc not in accept:
        said = (result.stderr or result.stdout).strip()
        raise CommandError(f"{' '.join(argv)} failed with exit code {result.rc}: {said}", rc=result.rc, stderr=said)
    return result


def stream(
    argv: Sequence[str], size: int, accept: Sequence[int] = (0,), env: Optional[Mapping[str, str]] = None
) -> Generator[bytes, None, None]:
    """Run ``argv`` and yield what it prints, in pieces of up to ``size`` bytes: for output that no memory can hold.

    When the caller stops reading, the command is ended. An exit code that is not in ``accept`` raises
    :class:`CommandError` after the last piece.
    """
    program = _program(argv)
    with tempfile.TemporaryFile() as complaints:
        try:
            # Its output goes through a pipe, what it complains of into a file: neither waits for the other to be read.
            started = subprocess.Popen(
                [program, *argv[1:]],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**_environment(), **(env or {})},
            )
        except OSError as error:
            raise CommandError(f"{' '.join(argv)} cannot be run: {error}") from error
        printed: Optional[IO[bytes]] = started.stdout
        with started as running:
            try:
                yield from iter(partial(printed.read, size), b"") if printed is not None else ()
            except GeneratorExit:
                running.kill()
                raise
        complaints.seek(0)
        said = complaints.read(2000).decode("utf-8", "surrogateescape").strip()
    if running.returncode not in accept:
        text = f"{' '.join(argv)} failed with exit code {running.returncode}: {said}"
        raise CommandError(text, rc=running.returncode, stderr=said)


def lines(argv: Sequence[str], env: Optional[Mapping[str, str]] = None) -> Generator[str, None, None]:
    """The lines that ``argv`` prints, each with its end, as :func:`stream` yields them."""
    rest = b""
    with contextlib.closing(stream(argv, BLOCK, env=env)) as pieces:
        for piece in pieces:
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line.decode("utf-8", "surrogateescape") + "\n"
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def _program(argv: Sequence[str]) -> str:
    program = argv[0] if os.path.isabs(argv[0]) else find(argv[0])
    if program is None:
        raise CommandError(f"{argv[0]} is not installed on this host; install the package that brings it")
    return program


def _environment() -> dict[str, str]:
    return {"PATH": SEARCH_PATH, "LC_ALL": "C", "HOME": os.environ.get("HOME", "/")}
