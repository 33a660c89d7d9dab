# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The host: what is installed and present, and Dovecot's own programs run on staged files. Nothing else touches it."""

from __future__ import annotations

import glob
import grp
import os
import pwd
import re
import stat
from typing import Callable, Optional

from .._engine import files
from .._engine.commands import Result, find, run
from .reading import Access

LIBEXEC = "/usr/lib/dovecot"
MODULES = f"{LIBEXEC}/modules"
# The least that Dovecot's programs take for a configuration.
MINIMUM = {"2.3": "", "2.4": "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"}

# The names of what is staged.
STAGED = ("dovecot.conf", "sieve.conf", "minimum.conf", "script.sieve", "script.svbin")


def installed_version() -> Optional[str]:
    """What ``dovecot --version`` says, or nothing where Dovecot is not installed."""
    return run(["dovecot", "--version"]).stdout.strip() if find("dovecot") else None


def os_release() -> str:
    return files.read_text("/etc/os-release") or ""


def configuration_files(directory: Optional[str] = None) -> Access:
    """The files of the host. With ``directory``, a change of them that was interrupted counts as done."""

    def read(path: str) -> Optional[str]:
        return None if os.path.isdir(path) else files.read_text(path, directory)

    return Access(read, lambda pattern: sorted(glob.glob(pattern)))


def owner_and_mode(path: str) -> Optional[str]:
    """As in ``root:dovecot 0640``, on a line, or nothing when the file does not exist."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return None
    try:
        owner, group = pwd.getpwuid(status.st_uid).pw_name, grp.getgrgid(status.st_gid).gr_name
    except KeyError:
        owner, group = str(status.st_uid), str(status.st_gid)
    return f"{owner}:{group} {stat.S_IMODE(status.st_mode):04o}\n"


def is_private(path: str) -> bool:
    """Whether a file is there that not everybody may read."""
    try:
        return not os.stat(path).st_mode & stat.S_IROTH
    except FileNotFoundError:
        return False


def link_siblings(source: str, directory: str) -> None:
    """Make what ``!include`` names relative to the folder ``source`` be found from the staged ``directory``, too."""
    for name in os.listdir(source):
        if not name.startswith(".") and name not in STAGED:
            os.symlink(os.path.join(source, name), os.path.join(directory, name))


class Installation:
    """The installed Dovecot of one ``syntax``, asked about files staged in a private ``directory``."""

    def __init__(self, syntax: str, directory: str) -> None:
        self.syntax = syntax
        self.minimum = MINIMUM[syntax]
        self._directory = directory

    def doveconf(self, text: str) -> Result:
        """What doveconf says to ``text`` as its whole configuration."""
        return run(["doveconf", "-n", "-c", self._write("dovecot.conf", text)], accept=None)

    def expanded(self, text: str) -> Result:
        """As doveconf, which then also looks up each reference to a setting, and each file that holds a value."""
        return run(["doveconf", "-n", "-x", "-c", self._write("dovecot.conf", text)], accept=None)

    def defaults(self) -> str:
        """What ``doveconf -d`` prints: every setting as it is without a configuration."""
        return run(["doveconf", "-d", "-c", self._write("minimum.conf", self.minimum)], accept=None).stdout

    def sievec(self, script: str, settings: str) -> Result:
        """What the Sieve compiler says to the text of a script, under ``settings`` alone."""
        configuration = self._write("sieve.conf", self.minimum + settings)
        source, binary = self._write("script.sieve", script), os.path.join(self._directory, "script.svbin")
        return run(["sievec", "-c", configuration, source, binary], accept=None)

    def has_sievec(self) -> bool:
        return find("sievec") is not None

    def setting_names(self) -> set[str]:
        """The names that ``doveconf -a`` lists: not all that there are."""
        listed = run(["doveconf", "-a", "-c", self._write("minimum.conf", self.minimum)], accept=None).stdout
        return set(re.findall(r"^\s*([a-z]\w+) (?:=|\{)", listed, re.MULTILINE))

    def module_exists(self, path: str) -> bool:
        return os.path.exists(os.path.join(MODULES, path))

    def plugins(self, directory: Optional[str] = None) -> set[str]:
        """The names that mail_plugins may hold, from ``directory`` or where Debian puts them."""
        try:
            names = os.listdir(directory or MODULES)
        except OSError:
            return set()
        return {match[1] for name in names for match in [re.fullmatch(r"lib(?:\d+_)?(\w+?)_plugin\.so", name)] if match}

    def binaries(self) -> dict[str, bytes]:
        """The content of all that is installed of Dovecot, by the names of the files."""
        found = {}
        for folder, _folders, names in os.walk(LIBEXEC):
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    found[name] = files.read(path) or b""
        return found

    def program_exists(self, name: str) -> bool:
        """Whether a service could run ``name``, as an absolute path or below Dovecot's own programs."""
        return os.access(os.path.join(LIBEXEC, name), os.X_OK)

    def read(self, path: str) -> Optional[bytes]:
        """The content of a file, nothing where there is none."""
        return files.read(path) if os.path.isfile(path) else None

    def everybody_reads(self, path: str) -> bool:
        """Whether a file is there and anybody with an account on the host can read it."""
        real = os.path.realpath(path)
        if not os.path.isfile(real) or not os.stat(real).st_mode & stat.S_IROTH:
            return False
        folder = os.path.dirname(real)
        while os.stat(folder).st_mode & stat.S_IXOTH and folder != "/":
            folder = os.path.dirname(folder)
        return folder == "/"

    def file_exists(self, path: str) -> bool:
        return os.path.exists(path)

    def user_exists(self, name: str) -> bool:
        return _known(pwd.getpwnam, name)

    def user_number(self, name: str) -> Optional[int]:
        if name.isdigit():
            return int(name)
        return pwd.getpwnam(name).pw_uid if self.user_exists(name) else None

    def group_exists(self, name: str) -> bool:
        return _known(grp.getgrnam, name)

    def _write(self, name: str, text: str) -> str:
        path = os.path.join(self._directory, name)
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as handle:
            handle.write(text)
        return path


def _known(lookup: Callable[[str], object], name: str) -> bool:
    try:
        lookup(name)
    except KeyError:
        return False
    return True
