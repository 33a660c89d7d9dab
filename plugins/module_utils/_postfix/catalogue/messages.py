# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Postfix's own tools say about a configuration, sorted into kinds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..._engine.findings import ERROR, WARNING, Finding
from ..request import MAIN
from .restrictions import PLAIN, WITH_ARGUMENT
from .staged import TRANSPORT, Setting, Staged, suggestion

SAID = re.compile(r".*?: (?:warning|[Ee]rror|fatal|panic): (?P<text>.*)")
UNUSED = re.compile(r"(?P<file>.*?): unused parameter: (?P<name>[^=]*)=(?P<value>.*)")
UNDEFINED = re.compile(r"(?P<file>.*?): undefined parameter: (?P<name>\S+)")
# Since 3.9: 'support for parameter "x" will be removed; instead, specify "y"'.
DEPRECATED = re.compile(
    r"(?P<file>.*?): support for (?:parameter )?\"(?P<name>[^\"]+)\" will be removed;? ?(?P<cure>.*)"
)
# What checks of this catalogue say better, with the place.
ELSEWHERE = re.compile(
    r".*(?:overriding earlier entry|#comment after other text|unreasonable macro call nesting).*"
    r"|open \"\w+\" configuration .*: No such file or directory"
)
# Lists of what may be looked up: many name a parameter of a patch that is not there, and it does no harm.
HARMLESS = ("proxy_read_maps", "proxy_write_maps")


def refused_by_postfix(staged: Staged) -> Iterator[Finding]:
    """A tool of Postfix that does not accept the configuration, in its own words."""
    for text in _texts(staged.refusals):
        if not _has_own_check(text):
            cure = "correct the value or line that Postfix names"
            yield Finding("refused_by_postfix", ERROR, f"Postfix says: {text}", cure)


def warned_by_postfix(staged: Staged) -> Iterator[Finding]:
    """The warnings of Postfix's tools that are of no other kind."""
    refused = _texts(staged.refusals)
    for text in _texts(staged.messages):
        if not _has_own_check(text) and text not in refused:
            cure = "see postconf(5) for what Postfix names"
            yield Finding("warned_by_postfix", WARNING, f"Postfix says: {text}", cure)


def unknown_parameter(staged: Staged) -> Iterator[Finding]:
    """Names that Postfix does not know and that nothing refers to: most are misspelt."""
    version = staged.defaults.get("mail_version", "")
    message = f"is no parameter of Postfix {version}, and no other parameter or service refers to it"
    for found in _matches(staged, UNUSED):
        cure = suggestion(found["name"], staged.defaults, "correct or remove it")
        if found["name"] in (*PLAIN, *WITH_ARGUMENT):
            cure = "it is a restriction: begin the line with white space, so that it continues the list above"
        transport = TRANSPORT.fullmatch(found["name"])
        if transport and transport[1] not in ("default", "command"):
            names = [service.name for service in staged.services if service.type == "unix"]
            cure = suggestion(transport[1], names, f"define the service {transport[1]} in master.cf, or remove this")
        for setting in _settings(staged, found["file"], found["name"], found["value"]):
            yield staged.finding("unknown_parameter", setting, message, cure)


def undefined_name(staged: Staged) -> Iterator[Finding]:
    """References to names that nothing defines: they are empty. ``${name?text}`` is written for that case."""
    for found in _matches(staged, UNDEFINED):
        name = found["name"]
        refers = re.compile(rf"\$(?:{re.escape(name)}\b|[{{(]{re.escape(name)}[}})])")
        cure = suggestion(name, staged.values, f"define {name}, or take the reference out")
        for setting in staged.settings:
            if refers.search(setting.value) and setting.name not in HARMLESS:
                yield staged.finding("undefined_name", setting, f"refers to ${name}, which nothing defines", cure)


def deprecated_parameter(staged: Staged) -> Iterator[Finding]:
    """Parameters that the installed version still knows and a later one will not."""
    for found in _matches(staged, DEPRECATED):
        message = f"is deprecated in Postfix {staged.defaults.get('mail_version', '')} and will be removed"
        cure = found["cure"].replace('"', "").replace("instead, specify", "set").strip() or "remove it"
        for setting in _settings(staged, found["file"], found["name"], ""):
            yield staged.finding("deprecated_parameter", setting, message, cure, asked=WARNING)


def _settings(staged: Staged, file: str, name: str, value: str) -> list[Setting]:
    """Where a name that Postfix complains of is set: in main.cf, or in each service of master.cf."""
    of_main = file.endswith(MAIN)
    places = [one for one in staged.settings if _as_said(one.name) == name and (one.service is None) == of_main]
    return places or [Setting(name, value, file, None)]


def _as_said(name: str) -> str:
    """A name as Postfix shows it: each byte that is no printable ASCII, such as those of a byte order mark, is a ?."""
    octets = name.encode("utf-8", "surrogateescape")
    return "".join(chr(octet) if 32 <= octet < 127 else "?" for octet in octets)


def _matches(staged: Staged, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for text in _texts(staged.messages):
        found = pattern.fullmatch(text)
        if found:
            yield found


def _has_own_check(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (UNUSED, UNDEFINED, DEPRECATED, ELSEWHERE))


def _texts(lines: tuple[str, ...]) -> list[str]:
    """What the tools said without who said it, each once."""
    said = [SAID.fullmatch(line) for line in lines]
    return list(dict.fromkeys(found["text"].rstrip(".") for found in said if found))
