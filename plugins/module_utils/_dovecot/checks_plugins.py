# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plugins that are not installed, that lack the one that they build upon, or that a protocol drops.

How Dovecot puts the lists together and what it refuses was measured with 2.3.19 and 2.4.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Optional

from .._engine.findings import Finding
from . import libraries
from .configuration import Configuration
from .findings import error, missing, warning
from .host import Installation
from .settings import Line

PLUGIN_FILE = re.compile(r"^lib(?:\d+_)?(\w+?)_plugin\.so$")
# Without the plugin that it needs a plugin stops every session.
NEEDS = {
    "fts_squat": "fts",
    "imap_acl": "acl",
    "imap_old_stats": "old_stats",
    "imap_quota": "quota",
    "mail_crypt_acl": "acl",
    "mail_log": "notify",
    "notify_status": "notify",
    "push_notification": "notify",
    "quota_clone": "quota",
    "replication": "notify",
    "trash": "quota",
}
# A protocol without one of these gets around it, or cannot read what was written with it.
GUARDS = ("mail_compress", "mail_crypt", "quota", "zlib")
# The protocols that read or write mail, and so are touched by all of these.
MAIL_PROTOCOLS = ("imap", "lda", "lmtp", "pop3")


def plugins(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Plugins that are not installed: every login fails for one of them."""
    directory = configuration.effective("mail_plugin_dir")
    installed = host.plugins(directory.value if directory else None)
    for line, name in configuration.listed("mail_plugins"):
        if name.startswith("$") and not configuration.refers(name):
            cure = "leave it out: the plugins of all hold for each protocol, too"
            yield error(line, "plugin", f"2.4 takes {name} for the name of a plugin", cure)
        elif name not in installed and not configuration.refers(name):
            yield missing(line, "plugin", f"the plugin {name} is not installed", "install its package, or leave it out")


def misspelt(configuration: Configuration, host: Installation) -> Iterator[Finding]:
    """Settings in the section ``plugin`` of 2.3 that nobody reads, and one that is nearly called so. It takes any."""
    lines = [line for line in configuration.settings if line.section == ("plugin",)]
    loaded = {name for _line, name in configuration.listed("mail_plugins")}
    loaded |= {name for line in lines if line.name == "sieve_plugins" for name in line.words}
    if not lines or configuration.version.syntax != "2.3" or not loaded & host.plugins():
        return
    files = host.binaries()
    used = {data for name, data in files.items() if PLUGIN_FILE.sub(r"\1", name) in loaded}
    read = used | {data for plugin in used for data in libraries.needed(plugin, files)}
    candidates = {name for data in read for name in libraries.names(data)}
    numbered = [(line, re.sub(r"\d+", "", line.name)) for line in lines]
    alike = [(line, name, libraries.near(name, candidates)) for line, name in numbered if name not in candidates]
    # To look through all that is installed takes longer.
    known = libraries.Known(files.values() if any(meant for *_line, meant in alike) else ())
    for line, name, meant in alike:
        if meant and name not in known and line.name not in known:
            yield warning(line, "setting", "is not known to any plugin", f"did you mean {meant}?")


def plugin_lists(configuration: Configuration, _host: Installation) -> Iterator[Finding]:
    """Plugins without the one that they need, and protocols that drop a plugin of all others."""
    syntax = configuration.version.syntax
    everywhere, special, last = _lists(configuration)
    for protocol, loaded in {"": everywhere, **special}.items():
        for name, line in loaded.items():
            needed = NEEDS.get(name)
            if needed and needed not in loaded:
                yield error(line, "plugin", f"{name} cannot be loaded without {needed}", f"add {needed} to the list")
        for name in GUARDS if protocol in MAIL_PROTOCOLS and protocol in last else ():
            if name in everywhere and name not in loaded:
                cure = f"begin the list with {'$mail_plugins' if syntax == '2.3' else 'those of all protocols'}"
                yield warning(last[protocol], "plugin", f"the plugin {name} is not used in {protocol}", cure)


def _lists(configuration: Configuration) -> tuple[dict[str, Line], dict[str, dict[str, Line]], dict[str, Line]]:
    """The plugins of all and of each protocol, with the lines that name them; and the line that begins a list anew."""
    everywhere: dict[str, Line] = {}
    special: dict[str, dict[str, Line]] = {}
    last: dict[str, Line] = {}
    found = [(_protocol(line), line) for line in configuration.settings if "mail_plugins" in (line.name, line.kind)]
    if configuration.version.syntax == "2.4":
        # A protocol adds to what holds in the end for all; 2.3 refers to what was set before.
        found.sort(key=lambda entry: entry[0] != "")
    for protocol, line in found:
        if protocol is None:
            continue
        loaded = special.setdefault(protocol, dict(everywhere)) if protocol else everywhere
        if line.kind == "mail_plugins":
            loaded.pop(line.name, None)
            loaded.update({line.name: line} if line.is_on else {})
            continue
        if not any(re.fullmatch(r"\$(?:SET:)?mail_plugins", word) for word in line.words):
            loaded.clear()
        loaded.update((word, line) for word in line.words if not configuration.refers(word))
        last[protocol] = line
    return everywhere, special, last


def _protocol(line: Line) -> Optional[str]:
    """For which protocol a line changes the plugins: empty for all, nothing for a filter that is no protocol."""
    around = line.section if line.name == "mail_plugins" else line.section[:-1]
    if len(around) == 1 and around[0].startswith("protocol "):
        return around[0].partition(" ")[2].strip('"')
    return None if around else ""
