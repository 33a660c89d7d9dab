# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services and their listeners, metrics and exporters of events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Optional

from .ledger import Entry, Ledger, Target
from .merging import Node
from .names import SERVICES

SERVICE = [
    "client_limit",
    "process_limit",
    "process_min_avail",
    "vsz_limit",
    "user",
    "group",
    "chroot",
    "executable",
    "extra_groups",
]
SERVICE += ["drop_priv_before_exec", "privileged_group", "protocol", "type"]
LISTENERS = ("inet_listener", "unix_listener", "fifo_listener")
LISTENER = {
    "inet_listener": {
        "port": "port",
        "ssl": "ssl",
        "haproxy": "haproxy",
        "reuse_port": "reuse_port",
        "address": "listen",
    },
    "unix_listener": {"mode": "mode", "user": "user", "group": "group"},
    "fifo_listener": {"mode": "mode", "user": "user", "group": "group"},
}
# How doveconf 2.3 shows that the limit of all services counts.
NO_LIMIT = "18446744073709551615 B"
EXPORTER = {"format": "format", "transport": "driver"}


def services(node: Node, ledger: Ledger) -> None:
    for child in node.take_children("service"):
        if child.name in SERVICES:
            for entry in child.everything():
                ledger.drop(entry, SERVICES[child.name])
        else:
            _service(child, ledger)


def _service(node: Node, ledger: Ledger) -> None:
    header = f"service {node.name}"
    for entry in node.rest():
        if entry.key == "service_count":
            ledger.convert(entry, (header, "restart_request_count"), "unlimited" if entry.value == "0" else entry.value)
        elif (entry.key in ("client_limit", "process_limit", "idle_kill") and entry.value == "0") or (
            entry.key == "vsz_limit" and entry.value == NO_LIMIT
        ):
            ledger.drop(entry, "is what all services have")
        elif entry.key == "idle_kill":
            ledger.convert(entry, (header, "idle_kill_interval"), _interval(entry.value))
        elif entry.key == "vsz_limit" and re.fullmatch(r"0 *[BkKMGT]?", entry.value):
            ledger.convert(entry, (header, "vsz_limit"), "unlimited")
        elif entry.key in ("executable", "user", "group") and not entry.value:
            ledger.drop(entry, "is empty")
        elif entry.key in SERVICE:
            ledger.convert(entry, (header, entry.key), entry.value)
        else:
            ledger.ask(entry, "is no setting of a service: leave it out, or put it where it belongs")
    for number, child in enumerate(node.take_children(*LISTENERS)):
        _listener(child, header, number, ledger)
    for entry in node.everything():
        ledger.ask(entry, "is in a section that services do not have")


def _listener(node: Node, service: str, number: int, ledger: Ledger) -> None:
    name = node.name or f"listener{number + 1}"
    if "/" in name and node.name.startswith("login/"):
        for entry in node.rest():
            ledger.drop(entry, "2.4 makes this socket by itself")
        return
    header = f"{node.kind} {name}"
    names = LISTENER[node.kind]
    for entry in node.rest():
        if entry.key not in names:
            ledger.ask(entry, "is no setting of a listener: leave it out, or put it where it belongs")
        elif not entry.value:
            ledger.drop(entry, "is empty")
        elif entry.key == "address":
            ledger.convert(entry, (service, header, "listen"), " ".join(entry.words))
        else:
            ledger.convert(entry, (service, header, entry.key), entry.value)
    if node.kind == "inet_listener":
        ledger.section((*node.scope, service, header))


def _interval(value: str) -> str:
    return "infinite" if value == "4294967295 secs" else value


def metrics(node: Node, ledger: Ledger) -> None:
    for child in node.take_children("metric"):
        _metric(child, ledger)
    for child in node.take_children("event_exporter"):
        _exporter(child, ledger)


def _metric(node: Node, ledger: Ledger) -> None:
    header = f"metric {node.name}"
    filters: list[tuple[Entry, str]] = []
    for entry in node.rest():
        if entry.key == "filter":
            filters.append((entry, entry.value))
        elif entry.key in ("event_name", "source_location", "categories"):
            key = {"event_name": "event", "categories": "category"}.get(entry.key, entry.key)
            filters += [(entry, " AND ".join(f"{key}={word}" for word in entry.words))]
        elif entry.key == "group_by":
            _group_by(entry, header, ledger)
        elif entry.key in ("fields", "exporter", "exporter_include", "description"):
            ledger.convert(entry, (header, entry.key), entry.value)
        else:
            ledger.ask(entry, "is no setting of a metric")
    for child in node.take_children("filter"):
        filters += [(entry, f'{entry.key}="{entry.value}"') for entry in child.rest()]
    whole = " AND ".join(f"({text})" if " OR " in text and len(filters) > 1 else text for _entry, text in filters)
    for entry, _text in filters:
        ledger.convert(entry, (header, "filter"), whole)
    for entry in node.everything():
        ledger.ask(entry, "is in a section that metrics do not have")


def _group_by(entry: Entry, header: str, ledger: Ledger) -> None:
    """``cmd_name dur:exponential:1:5:10 size:linear:0:100:10``."""
    shapes: Mapping[str, tuple[str, ...]] = {
        "discrete": (),
        "exponential": ("min_magnitude", "max_magnitude", "base"),
        "linear": ("min", "max", "step"),
    }
    for word in entry.words:
        name, *rest = word.split(":")
        method = rest[0] if rest else "discrete"
        if method not in shapes or len(rest) - 1 > len(shapes[method]):
            ledger.ask(entry, f"{word} is not understood: write a section `group_by {name}`")
            continue
        target: Target = (header, f"group_by {name}", f"method {method}")
        values = {f"{method}_{key}": value for key, value in zip(shapes[method], rest[1:])}
        ledger.convert(entry, target, values)


def _exporter(node: Node, ledger: Ledger) -> None:
    header = f"event_exporter {node.name}"
    transport = node.entries.get("transport")
    driver = {"drop": "drop", "http-post": "http-post", "file": "file", "unix": "unix"}.get(
        transport.value if transport else "", "log"
    )
    for entry in node.rest():
        if entry.key == "format_args":
            ledger.convert(entry, (header, "time_format"), entry.value.replace("time-", ""))
        elif entry.key in EXPORTER:
            ledger.convert(entry, (header, EXPORTER[entry.key]), driver if entry.key == "transport" else entry.value)
        elif entry.key == "transport_args":
            name = {"http-post": "http_post_url", "file": "file_path", "unix": "unix_path"}.get(driver)
            if name:
                ledger.convert(entry, (header, name), entry.value)
            else:
                ledger.drop(entry, f"the driver {driver} takes nothing")
        elif entry.key == "transport_timeout" and driver in ("http-post", "unix"):
            name = "http_client_request_timeout" if driver == "http-post" else "unix_connect_timeout"
            ledger.convert(entry, (header, name), entry.value)
        else:
            ledger.ask(entry, "is no setting of an exporter")


def uri(value: str) -> Optional[dict[str, object]]:
    """``file:/path``, ``proxy::name``, ``redis:host=..`` of a dictionary to a section for 2.4."""
    driver, _colon, rest = value.partition(":")
    if driver == "file" and rest:
        path, *options = rest.split(":")
        methods = {f"lock={word}": word for word in ("fcntl", "flock", "dotlock")}
        if all(option in methods for option in options):
            lock = {"lock_method": methods[options[0]]} if options else {}
            return {"dict file": {"path": path, **lock}}
    elif driver == "proxy":
        socket, _colon, name = rest.rpartition(":")
        return {"dict proxy": {"name": name, **({"socket_path": socket} if socket else {})}}
    elif driver == "redis":
        keys = {"host": "redis_host", "port": "redis_port", "prefix": "redis_key_prefix", "db": "redis_db_id"}
        keys.update({"path": "redis_socket_path", "password": "redis_password", "timeout_msecs": ""})
        pairs = [word.partition("=") for word in rest.split(":") if word]
        if all(key in keys for key, _equals, _text in pairs):
            return {"dict redis": {keys[key]: text for key, _equals, text in pairs if keys[key]}}
    elif driver == "fs":
        start = "posix:prefix="
        if rest.startswith(start):
            return {"dict fs": {"fs posix": {"prefix": rest[len(start) :]}}}
    return None
