# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A program for the host, made of our own modules: what a timer runs uses the code that the modules use.

It is one executable file, a zip archive that Python runs (https://docs.python.org/3/library/zipapp.html). It needs
nothing but Python, and the same sources always make the same bytes.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
import zipfile
from typing import Callable

INTERPRETER = b"#!/usr/bin/python3\n"
PACKAGE = "postfix_manager"
UTILS = ".module_utils"
# The earliest that an archive can hold: no time of its own.
DATE = (1980, 1, 1, 0, 0, 0)


def bundled(main: Callable[[], int]) -> bytes:
    """An executable that calls ``main`` and ends with the exit code it returns.

    In it are the module of ``main`` and what that imports relatively, so nothing that imports Ansible.
    """
    root = main.__module__[: main.__module__.index(UTILS) + len(UTILS)]
    sources: dict[str, str] = {}
    _collect(main.__module__, root, sources)
    start = main.__module__[len(root) :]
    files = {
        "__main__.py": f"import sys\n\nfrom {PACKAGE}{start} import {main.__name__}\n\nsys.exit({main.__name__}())\n"
    }
    for name, text in sources.items():
        parts = [PACKAGE, *name[len(root) + 1 :].split(".")]
        for depth in range(1, len(parts)):
            files["/".join([*parts[:depth], "__init__.py"])] = ""
        files["/".join(parts) + ".py"] = text
    target = io.BytesIO()
    target.write(INTERPRETER)
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, DATE), text)
    return target.getvalue()


def _collect(name: str, root: str, sources: dict[str, str]) -> None:
    """The source of a module and of those it imports relatively."""
    if name in sources:
        return
    text = inspect.getsource(sys.modules[name])
    sources[name] = text
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.ImportFrom) or not node.level:
            continue
        package = name.rsplit(".", node.level)[0]
        whole = f"{package}.{node.module}" if node.module else package
        for target in [whole, *(f"{whole}.{alias.name}" for alias in node.names)]:
            # A name that is imported may be a module, or something in one; packages have no code of ours.
            if target in sys.modules and getattr(sys.modules[target], "__file__", None) and _has_code(target):
                _collect(target, root, sources)


def _has_code(name: str) -> bool:
    return not hasattr(sys.modules[name], "__path__")
