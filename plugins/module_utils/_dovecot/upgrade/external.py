# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files for external lookups of 2.3: SQL, LDAP and dictionaries, whose settings 2.4 has in its configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Optional

from ..reading import Access, read
from .ledger import Entry, Ledger, Target
from .merging import Node, plain
from .places import settings_of
from .queries import CHANGED, FIELDS, converted_query
from .variables import AUTH, converted, literal

SQL_DRIVERS = ("mysql", "pgsql", "sqlite")
MYSQL = {
    **{"port": "port", "dbname": "dbname", "user": "user", "password": "password", "client_flags": "client_flags"},
    **{"maxconns": "connection_limit", "option_file": "option_file", "option_group": "option_group"},
    **{"connect_timeout": "connect_timeout", "read_timeout": "read_timeout", "write_timeout": "write_timeout"},
    **{"ssl_ca": "ssl_client_ca_file", "ssl_ca_path": "ssl_client_ca_dir", "ssl_cert": "ssl_client_cert_file"},
    **{"ssl_key": "ssl_client_key_file", "ssl_cipher": "ssl_cipher_list"},
    "ssl_verify_server_cert": "ssl_client_require_valid_cert",
}
TIMES = ("connect_timeout", "read_timeout", "write_timeout")
LDAP = {
    **{"uris": "ldap_uris", "dn": "ldap_auth_dn", "dnpass": "ldap_auth_dn_password", "base": "ldap_base"},
    **{"deref": "ldap_deref", "scope": "ldap_scope", "ldap_version": "ldap_version", "debug_level": "ldap_debug_level"},
    **{"sasl_mech": "ldap_auth_sasl_mechanisms", "sasl_realm": "ldap_auth_sasl_realm", "tls": "ldap_starttls"},
    "sasl_authz_id": "ldap_auth_sasl_authz_id",
}
LDAP_TLS = {
    **{"tls_ca_cert_file": "ssl_client_ca_file", "tls_ca_cert_dir": "ssl_client_ca_dir"},
    **{"tls_cert_file": "ssl_client_cert_file", "tls_key_file": "ssl_client_key_file"},
    "tls_cipher_suite": "ssl_cipher_list",
}
QUOTA_RULE = re.compile(r"\*:(?P<kind>bytes|storage)=(?P<size>.+?)(?P<unit>[bBkKmMgGtT]?)")
UNITS = "BKMGT"
FIELD = re.compile(r"[\w/:.-]*[A-Za-z][\w/:.-]*")
WORD = re.compile(r"(?P<key>\w+)=(?P<value>(?:\\.|\S)*)")


class Externals:
    """The files that the configuration names, each read once."""

    def __init__(self, access: Access, ledger: Ledger) -> None:
        self.access = access
        self.ledger = ledger
        self.nodes: dict[str, Node] = {}
        self.connections: set[tuple[str, ...]] = set()
        # Whether a passdb may say what a userdb would.
        self.prefetched = False

    def node(self, entry: Entry, path: str) -> Optional[Node]:
        """The settings in the file that ``entry`` names."""
        if path not in self.nodes:
            reading = read(path, self.access)
            if not reading.files:
                self.ledger.ask(entry, f"{path} does not exist here: bring it, it belongs to the configuration")
                return None
            for fault in reading.faults:
                self.ledger.ask(entry, f"line {fault.line} of {fault.file} {fault.message}; {fault.cure}")
            self.nodes[path] = plain(reading.root, self.ledger)
        return self.nodes[path]

    def leave(self) -> None:
        """What nothing asked for in the files."""
        for node in self.nodes.values():
            for entry in node.everything():
                if id(entry.setting) not in self.ledger.outcomes:
                    self.ledger.drop(entry, "nothing looks this up")

    # --- SQL ---------------------------------------------------------------------------------------------------------

    def sql(self, entry: Entry, node: Node, below: Target) -> None:
        """The connection. Where there are several, each is in the section that uses it."""
        driver, connect = node.entries.get("driver"), node.entries.get("connect")
        if driver is None or connect is None:
            self.ledger.ask(entry, "names a file without driver or connect: complete it")
            return
        where = below if len(self.connections) > 1 else ()
        if driver.value not in SQL_DRIVERS:
            self.ledger.ask(driver, f"Debian's Dovecot 2.4 has no driver {driver.value}: use one of {SQL_DRIVERS}")
            return
        self.ledger.convert(driver, (*where, "sql_driver"), driver.value)
        self.connect(driver.value, connect, where)

    def connect(self, driver: str, connect: Entry, where: Target) -> None:
        if driver == "sqlite":
            self.ledger.convert(connect, (*where, "sqlite_path"), connect.value)
        elif driver == "mysql":
            self._mysql(connect, where)
        else:
            self._pgsql(connect, where)

    def _mysql(self, connect: Entry, where: Target) -> None:
        pairs = [(match["key"], match["value"]) for match in WORD.finditer(connect.value)]
        hosts = [value for key, value in pairs if key == "host"] or ["localhost"]
        for host in hosts:
            header = (*where, f"mysql {host}")
            self.ledger.put((*header, "host"), host)
            for key, value in pairs:
                if key in MYSQL:
                    text = f"{value} secs" if key in TIMES and value.isdigit() else value
                    self.ledger.convert(connect, (*header, MYSQL[key]), text)
                elif key != "host":
                    self.ledger.ask(connect, f"2.4 has nothing for {key}")
            if any(key.startswith("ssl_") for key, _value in pairs):
                self.ledger.put((*header, "ssl"), "yes")

    def _pgsql(self, connect: Entry, where: Target) -> None:
        pairs = [(match["key"], match["value"].strip("'")) for match in WORD.finditer(connect.value)]
        hosts = [value for key, value in pairs if key in ("host", "hostaddr")] or ["/var/run/postgresql"]
        for host in hosts:
            header = (*where, f"pgsql {host}")
            self.ledger.put((*header, "host"), host)
            for key, value in pairs:
                if key == "maxconns":
                    self.ledger.convert(connect, (*header, "connection_limit"), value)
                elif key not in ("host", "hostaddr"):
                    self.ledger.convert(connect, (*header, "parameters", key), value)

    def query(self, node: Node, name: str, target: Target) -> Optional[Entry]:
        entry = node.entries.get(name)
        if entry:
            text, wrong = converted_query(entry.value)
            if wrong:
                for question in wrong:
                    self.ledger.ask(entry, question)
            else:
                self.ledger.convert(entry, target, text)
        return entry

    # --- LDAP --------------------------------------------------------------------------------------------------------

    def ldap(self, node: Node, below: Target, several: bool) -> None:
        """The connection."""
        where = below if several else ()
        hosts = node.entries.get("hosts")
        if hosts:
            self.ledger.convert(hosts, (*where, "ldap_uris"), " ".join(f"ldap://{host}" for host in hosts.words))
        for name, new in LDAP.items():
            entry = node.entries.get(name)
            if entry and name == "base":
                self.ledger.same(entry, (*where, new), kind=AUTH)
            elif entry:
                # All there is to debug: 2.4 has no number for it.
                value = "65535" if (name, entry.value) == ("debug_level", "-1") else literal(entry.value)
                self.ledger.convert(entry, (*where, new), value)
        for name, new in LDAP_TLS.items():
            entry = node.entries.get(name)
            if entry:
                self.ledger.convert(entry, (*below, new), entry.value)
        required = node.entries.get("tls_require_cert")
        if required:
            strict = required.value in ("hard", "demand")
            self.ledger.convert(required, (*below, "ssl_client_require_valid_cert"), "yes" if strict else "no")
        for name in ("ldaprc_path", "sasl_bind", "blocking", "userdb_warning_disable"):
            entry = node.entries.get(name)
            if entry and name == "ldaprc_path":
                self.ledger.ask(entry, "2.4 reads no ldaprc: set what it holds")
            elif entry:
                self.ledger.drop(entry, "2.4 sees to it by itself")

    def attributes(self, entry: Entry, target: Target, leave_out: tuple[str, ...] = ()) -> None:
        """``uid=user, quota=quota_rule=*:bytes=%$, =home=/srv/%u`` to a section of fields."""
        for name, field, template in _mappings(entry.value):
            if field in leave_out:
                self.ledger.done(entry)
                continue
            if not FIELD.fullmatch(field):
                self.ledger.note(f"{entry.name} gives a field `{field}`, which nothing reads: it is left out")
                self.ledger.done(entry)
                continue
            text, wrong = _field_text(name, template)
            if field.endswith("quota_rule"):
                text = self._with_default(text, name)
            for key, value in _fields(field, text, wrong):
                self.ledger.convert(entry, (*target, key), value)
            for question in wrong:
                self.ledger.ask(entry, question)

    def _with_default(self, text: str, attribute: str) -> str:
        """A limit that somebody without one has, too: 2.4 lets nobody in who lacks an attribute that is asked for."""
        outside = re.fullmatch(r"(\d+)([BKMGT])", str(self.ledger.get("quota_storage_size")))
        rule = QUOTA_RULE.fullmatch(text)
        number = 0
        if outside and rule:
            unit = (rule["unit"] or ("B" if rule["kind"] == "bytes" else "K")).upper()
            # Rounded up to the unit that the number of the attribute is in. Zero is without a limit.
            number = -(-int(outside[1]) * 1024 ** UNITS.index(outside[2]) // 1024 ** UNITS.index(unit))
        return text.replace(f"%{{ldap:{attribute}}}", f"%{{ldap:{attribute} | default('{number}')}}")


def _mappings(value: str) -> Iterator[tuple[str, str, str]]:
    """The attribute, the field for it and the template of its value."""
    for part in value.split(","):
        name, _equals, rest = part.strip().partition("=")
        field, equals, template = rest.partition("=")
        if name or field:
            yield name.lstrip("@!"), field.strip() or name, template if equals else "%$"


def _field_text(name: str, template: str) -> tuple[str, list[str]]:
    text = template.replace("%$", f"%{{ldap:{name}}}")
    defaults = re.findall(r"%\{ldap:([\w;.-]+):([^{}]*)\}", text)
    text = re.sub(r"%\{ldap:([\w;.-]+):[^{}]*\}", r"%{ldap:\1}", text)
    text, unknown = converted(text, AUTH)
    for attribute, default in defaults:
        text = text.replace(f"%{{ldap:{attribute}}}", f"%{{ldap:{attribute} | default('{default}')}}")
    return text, [f"2.4 has nothing for {', '.join(unknown)}: write the fields anew"] if unknown else []


def _fields(field: str, text: str, wrong: list[str]) -> Iterator[tuple[str, Any]]:
    prefix = "userdb_" if field.startswith("userdb_") else ""
    bare = field[len(prefix) :]
    if wrong:
        return
    if bare == "quota_rule":
        rule = QUOTA_RULE.fullmatch(text)
        if rule:
            unit = rule["unit"] or ("B" if rule["kind"] == "bytes" else "K")
            yield f"{prefix}quota_storage_size", f"{rule['size']}{unit}"
        else:
            wrong.append(f"gives quota_rule `{text}`: give quota_storage_size, a number and its unit, instead")
    elif bare == "mail":
        settings, problems = settings_of(text)
        if problems:
            wrong.append(f"gives mail `{text}`: give mail_driver and mail_path instead")
        else:
            yield from ((f"{prefix}{name}", _lower(name, value)) for name, value in settings)
    elif bare.startswith("namespace/") and bare.endswith("/location"):
        wrong.append(f"gives {field}: give the mail_path of the namespace instead")
    elif CHANGED.fullmatch(bare):
        wrong.append(f"gives {field}, which 2.4 has in another form")
    else:
        yield f"{prefix}{FIELDS.get(bare, bare)}", text


def _lower(name: str, value: str) -> str:
    """2.3 takes the name of a format in capitals, too."""
    return f"{value[:-1]} | lower}}" if name == "mail_driver" and value.endswith("}") else value


def fields(words: str) -> tuple[list[tuple[str, Any]], list[str]]:
    """``uid=vmail home=/srv/%u mail=maildir:~/x`` of a database without a file to fields, and what to decide."""
    found: list[tuple[str, Any]] = []
    wrong: list[str] = []
    for word in words.split():
        name, equals, value = word.partition("=")
        text, unknown = converted(value if equals else "yes", AUTH)
        questions = [f"2.4 has nothing for {', '.join(unknown)}: write the field anew"] if unknown else []
        found += _fields(name, text, questions)
        wrong += questions
    return found, wrong
