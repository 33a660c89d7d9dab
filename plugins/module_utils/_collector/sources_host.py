# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the figures come from on this host: one function for each source, from its settings to metrics."""

from __future__ import annotations

import glob
import os
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any, Callable

from .._directory.connection import Connection, connect
from .._directory.errors import NO_SUCH_OBJECT, DirectoryError
from .._engine import commands
from .._engine.certificates import not_after
from .._engine.errors import Error
from .._engine.files import read
from .._engine.privacy import DROPPED, Privacy
from .._postfix.queue.queue_host import open_queue
from .._postfix.queue.report import Report
from .._probe.probe import prove
from .._probe.settings import from_params
from .directory import Attributes, directory_metrics
from .facts import certificate_metrics, probe_metrics, quota_metrics, read_quotas
from .metrics import Metric
from .queue import queue_metrics

Settings = Mapping[str, Any]

DIRECTORY: Settings = {
    "start_tls": False,
    "validate_certs": True,
    "ca_path": None,
    "client_cert": None,
    "client_key": None,
    "bind_dn": None,
    "bind_password": None,
    "connect_timeout": 5,
    "timeout": 10,
}
PROBE: Settings = {
    "host": "127.0.0.1",
    "server_name": None,
    "ca_path": None,
    "validate_certs": True,
    "password": None,
    "sender": None,
    "recipient": None,
    "mailbox": "INBOX",
    "timeout": 60,
    "submission_port": 587,
    "submissions_port": 465,
    "smtp_port": 25,
    "imap_port": 143,
    "imaps_port": 993,
    "pop3s_port": None,
    "sieve_port": None,
    "checks": ["submission"],
}


def collect_queue(settings: Settings) -> list[Metric]:
    queue = open_queue({"config_directory": settings.get("config_directory"), "instance": settings.get("instance")})
    if queue is None:
        raise Error("Postfix is not installed")
    report = Report(time.time())
    for message in queue.messages():
        report.add(message)
    return queue_metrics(report.result(settings["top"], Privacy(DROPPED)), _runs(queue.path))


def _runs(path: str) -> bool:
    """Whether the master of a queue lives. ``postfix status`` would say so too, and log it each time."""
    pid = (read(os.path.join(path, "pid/master.pid")) or b"").strip()
    return pid.isdigit() and read(f"/proc/{pid.decode()}/comm") == b"master\n"


def collect_directory(settings: Settings) -> list[Metric]:
    with closing(connect({**DIRECTORY, "server_uri": [settings["server_uri"]]})) as server:
        monitor = _monitor(server)
        contexts = {}
        for suffix in server.root_dse().get("namingContexts", []):
            name = suffix.decode("utf-8", "replace")
            entry = server.read(name, ["contextCSN"])
            contexts[name] = entry.attributes.get("contextCSN", []) if entry is not None else []
    return directory_metrics(monitor, contexts)


def _monitor(server: Connection) -> list[tuple[str, Attributes]]:
    """The entries below ``cn=Monitor``; none where the server was not told to have them."""
    try:
        return [(entry.dn, entry.attributes) for entry in server.search("cn=Monitor", attributes=["*", "+"])]
    except DirectoryError as error:
        if error.code != NO_SUCH_OBJECT:
            raise
        return []


def collect_certificates(settings: Settings) -> list[Metric]:
    """The ends of certificates in files, which patterns of a shell may name, and of those that services show."""
    ends = {}
    for pattern in settings["files"]:
        paths = sorted(glob.glob(pattern))
        if not paths:
            raise Error(f"{pattern}: there is no such file")
        for path in paths:
            ends[path] = not_after(read(path) or b"", path)
    for service in settings["services"]:
        host, _colon, port = service.rpartition(":")
        shown = ssl.get_server_certificate((host, int(port)), timeout=10)
        ends[service] = not_after(shown.encode("ascii"), service)
    return certificate_metrics(ends)


def collect_probe(settings: Settings) -> list[Metric]:
    """A failed probe is a result, not a failed collection."""
    given = {name: value for name, value in settings.items() if name != "interval"}
    checked = from_params({**PROBE, **given})
    try:
        found = prove(checked)
    except Error as error:
        if "hops" not in error.details:
            raise
        found = error.details
    return probe_metrics(found["hops"], found["seconds"], found["ok"])


def collect_quota(settings: Settings) -> list[Metric]:
    printed = commands.run(["doveadm", "-f", "json", "quota", "get", "-A"], timeout=settings["interval"]).stdout
    return quota_metrics(read_quotas(printed), settings["top"])


SOURCES: Mapping[str, Callable[[Settings], list[Metric]]] = {
    "queue": collect_queue,
    "directory": collect_directory,
    "certificates": collect_certificates,
    "probe": collect_probe,
    "quota": collect_quota,
}


def written(directory: str, name: str) -> dict[str, float]:
    """By source, when its file was written."""
    found = {}
    for source in SOURCES:
        path = os.path.join(directory, name.format(source))
        if os.path.exists(path):
            found[source] = os.stat(path).st_mtime
    return found
