# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that doveconf has to say about a file, although it stops at the first error.

Each error is taken out of a scratch copy and doveconf is asked again. What it says was read off 2.3.19 and 2.4.1.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Optional

from .._engine.findings import ERROR, WARNING, Finding
from .findings import error, missing, warning
from .host import Installation
from .masking import looks_secret
from .replacements import OPTIONAL, PLUGIN_WORDS, PROTOCOLS, REPLACEMENTS
from .settings import VERSION_SETTINGS, Line

# An error each: who has made more does not read further.
LIMIT = 300
FATAL = re.compile(
    r"^doveconf: (?:Fatal|Panic): (?:Error in configuration file [^\n]*?(?: line (?P<line>\d+))?: )?(?P<message>.+)$",
    re.MULTILINE,
)
# A note on how to convert the file comes before each warning about an old name.
WARNED = re.compile(r"^doveconf: Warning: (?!NOTE: )(?P<message>.+)$", re.MULTILINE)
# What doveconf goes on after. The programs that it asks what they can do say all a second time.
ERRED = re.compile(r"^doveconf: Error: (?!.*dump-capability process)(?P<message>.+)$", re.MULTILINE)
PLACE = re.compile(r"(?:(?:Configuration file|Obsolete setting in) )?/[^\s:]+(?: line |:)(?P<line>\d+): ")
# Where a warning names another line of the copy.
ELSEWHERE = re.compile(r"/\S+/dovecot\.conf line (?P<line>\d+)")
REFERENCE = re.compile(r"Unknown (?:setting: |variable: \$)(?P<name>\S+)")
USER = re.compile(r"default_\w+ doesn't exist: (\S+)")
PROTOCOL = re.compile(r"Unknown protocol: (\S+)")
# 2.4 wants both before anything else. Their lack would hide all that comes after.
NO_VERSION = re.compile(
    r"(?:The first setting must be )?(?P<name>dovecot_(?:config|storage)_version)(?: setting must be set|$)"
)
# Errors without a line, and what they name: a setting, the section around it, a namespace (2.3 its prefix) or a value.
UNPLACED = (
    re.compile(r"service\((?P<inside>[^)]+)\): (?P<name>\w+) "),
    re.compile(r"Namespace (?:'(?P<prefix>[^']*)'|(?P<namespace>[^:]*)): "),
    re.compile(r"(?P<value>.*%\{.*): syntax error, "),
    re.compile(r"(?P<name>default_\w+) doesn't exist: "),
    re.compile(r"duplicate listener: (?:(?P<value>\d+):|(?P<path>/.*))"),
    re.compile(r"(?P<name>\w+): "),
)
# How a message goes on to its cure; the first that fits counts.
CURES = (
    ("Invalid boolean value", "give true or false"),
    ("Invalid number", "give a number"),
    ("Invalid port number", "give a number from 1 to 65535"),
    ("Invalid time interval", "give a time like `30 secs` or `5 mins`"),
    ("Invalid size", "give a size like `10 M`"),
    ("gethostbyname", "give an address, or a name that resolves"),
    ("Unknown group label", "declare a section `group @label name`"),
    ("missing section name", "name the section, as in `passdb sql`"),
    ("duplicate listener", "give one of them another port or path, or `port = 0`"),
    ("Unknown protocol", f"give some of {', '.join(PROTOCOLS)}"),
    ("must be higher than 0", "give a number above 0, or leave the setting out"),
)


def errors_of(lines: Sequence[Line], file: str, host: Installation, option: Optional[str] = None) -> list[Finding]:
    """Every error and warning of doveconf in the ``lines`` of the configuration ``file``, declared in ``option``."""
    findings: list[Finding] = []
    texts = {line.number: line.text for line in lines}
    versions = [line for line in lines if line.name in VERSION_SETTINGS and not line.section]
    asked: set[str] = set()
    head = ""
    while len(findings) < LIMIT:
        text = head + "".join(f"{texts[line.number]}\n" for line in lines)
        said = host.doveconf(text)
        if not asked:
            findings += [_warning(match["message"], lines, file, option) for match in WARNED.finditer(said.stderr)]
        if said.rc == 0 and "$" in text:
            said = host.expanded(text)
        if said.rc == 0:
            findings += [_warning(match["message"], lines, file, option) for match in ERRED.finditer(said.stderr)]
            break
        fatal = FATAL.search(said.stderr)
        message = fatal["message"] if fatal else f"doveconf failed with exit code {said.rc}: {said.stderr.strip()}"
        lacks = NO_VERSION.match(message)
        number = int(fatal["line"] or 0) - head.count("\n") if fatal else 0
        line = _at(number, lines)
        if not head and (lacks or (line and line in versions)):
            if lacks:
                findings.append(_version(lacks["name"], lines, file, option, host.minimum))
            elif line:
                findings.append(error(line, "version", message, "give a version that the installed Dovecot supports"))
            # Both are out of the way for what follows.
            head = host.minimum
            texts.update((line.number, "") for line in versions)
            asked.add(text)
            continue
        line = line or _named(message, [line for line in lines if texts[line.number]])
        if line is None or text in asked:
            findings.append(
                Finding(
                    "doveconf",
                    ERROR,
                    _without_secrets(message, lines),
                    _cure(message),
                    file,
                    option=option,
                )
            )
            break
        if "Can't open file" not in message:
            findings.append(_error(message, line, host))
        asked.add(text)
        texts.update(_silenced(message, line, texts[line.number]))
    return list(dict.fromkeys(findings))


def _version(name: str, lines: Sequence[Line], file: str, option: Optional[str], minimum: str) -> Finding:
    """One of the settings that come first does not."""
    cure = f"write `{name} = {minimum.split()[2]}` before all other settings"
    line = next((line for line in lines if line.name == name and not line.section), None)
    if line is not None:
        return error(line, "version", "does not come first", cure)
    return Finding("version", ERROR, "is missing", cure, file, name=name, option=option)


def _silenced(message: str, line: Line, text: str) -> dict[int, str]:
    """The lines that an error is about, by number, without what it is about. ``text`` is what is left of the first."""
    protocol = PROTOCOL.search(message)
    if protocol:
        # The others stay: doveconf only looks at the services of protocols that are on.
        return {line.number: " ".join(word for word in text.split() if word != protocol[1])}
    if "duplicate listener" in message and line.value:
        # Without a line of its own it may have that port by default.
        return {line.number: "port = 0"}
    if "Can't open file" in message:
        # Another check names it. Without its value more would be wrong with the rest.
        return {line.number: f"{line.name} = x"}
    return dict.fromkeys(range(line.number, line.number + line.length), "")


def _at(number: int, lines: Sequence[Line]) -> Optional[Line]:
    return lines[number - 1] if 0 < number <= len(lines) else None


def _named(message: str, lines: Sequence[Line]) -> Optional[Line]:
    """The line that an error without a number is about."""
    for pattern in UNPLACED:
        match = pattern.match(message)
        wanted = {key: part for key, part in match.groupdict().items() if part is not None} if match else {}
        for line in lines if wanted else ():
            if wanted.items() <= _names(line, lines).items():
                return line
    return None


def _names(line: Line, lines: Sequence[Line]) -> dict[str, Optional[str]]:
    """By what an error may name a line: the groups of the patterns in :data:`UNPLACED`."""
    if line.value is not None:
        return {
            "name": line.name,
            "value": line.value,
            "inside": line.section[-1].partition(" ")[2] if line.section else "",
        }
    kind, _blank, name = line.name.partition(" ")
    if kind.endswith("_listener"):
        return {"path": name.strip('"')}
    if kind != "namespace" or line.length == 1:
        return {}
    inside = (*line.section, line.name)
    prefix = next((other.value for other in lines if other.section == inside and other.name == "prefix"), "")
    return {"namespace": name, "prefix": prefix}


def _error(message: str, line: Line, host: Installation) -> Finding:
    protocol = PROTOCOL.search(message)
    if protocol and protocol[1] in PROTOCOLS:
        message, cure = f"{protocol[1]} is not installed", f"install {PROTOCOLS[protocol[1]][1]}"
        return missing(line, "protocol", message, cure)
    user = USER.match(message)
    if user:
        return missing(line, "account", f"there is no user {user[1]}", "create the user first")
    reference = REFERENCE.search(message)
    if reference and line.value and re.search(rf"\$(?:SET:)?{re.escape(reference['name'])}(?!\S)", line.value):
        cure = f"name a setting that exists, or {'write the $ in `secrets`' if line.option else 'quote the value'}"
        return error(line, "doveconf", f"there is no setting {reference['name']} to refer to", cure)
    if not re.search("Unknown (?:setting|section name)", message):
        # 2.4 begins with the name, which the option says already.
        said = message[len(line.name) + 2 :] if message.startswith(f"{line.name}: ") else message
        return error(line, "doveconf", said, _cure(said))
    name = line.name.split(" ")[0]
    package, module = OPTIONAL[host.syntax].get(name.partition("_")[0], ("", ""))
    if package and not host.module_exists(module):
        message, cure = f"is not known without {package}", f"install {package}"
        return missing(line, "setting", message, cure)
    message = f"is not known to Dovecot {host.syntax} here"
    return error(line, "setting", message, _cure_unknown(name, host))


def _cure_unknown(name: str, host: Installation) -> str:
    replacement = REPLACEMENTS[host.syntax].get(name)
    if replacement:
        return f"in {host.syntax} write {replacement}"
    if host.syntax == "2.3" and name.partition("_")[0] in PLUGIN_WORDS:
        return "put it into the section `plugin`"
    near = difflib.get_close_matches(name, sorted(host.setting_names() - {name}), n=1, cutoff=0.8)
    return f"did you mean {near[0]}?" if near else "see Dovecot's documentation for what belongs there"


def _cure(message: str) -> str:
    return next((cure for part, cure in CURES if part in message), "give what Dovecot's documentation of it asks for")


def _warning(message: str, lines: Sequence[Line], file: str, option: Optional[str]) -> Finding:
    place = PLACE.search(message)
    line = _at(int(place["line"]), lines) if place else _quoted(message, lines)
    cure = "change it as the warning says"
    if line is None:
        return Finding("doveconf", WARNING, _without_secrets(message, lines), cure, file, option=option)
    return warning(line, "doveconf", _in_files(message[place.end() :] if place else message, lines), cure)


def _in_files(message: str, lines: Sequence[Line]) -> str:
    """A message with the lines that it names where somebody finds them."""

    def place(match: re.Match[str]) -> str:
        line = _at(int(match["line"]), lines)
        return f"{line.file} line {line.row}" if line else match[0]

    return ELSEWHERE.sub(place, message)


def _quoted(message: str, lines: Sequence[Line]) -> Optional[Line]:
    """The line that a message repeats as a whole."""
    return next((line for line in lines if line.value and f"{line.name} = {line.value}" in message), None)


def _without_secrets(message: str, lines: Sequence[Line]) -> str:
    for line in lines:
        if line.value and (line.secret or looks_secret(line.name, line.value)):
            message = message.replace(line.value, "(secret)")
    return message
