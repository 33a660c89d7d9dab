# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
from pathlib import Path
from typing import Any

DOCUMENTATION = r"""
module: ldap_changes
short_description: Events of a directory, as its entries change
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - An event for each entry that is added, changed, moved or deleted, told by the server the moment it happens
    (RFC 4533, refreshAndPersist). OpenLDAP does so with its overlay C(syncprov), Active Directory does not.
  - After a lost connection it goes on where it was. What was changed meanwhile is told then, each entry once.
  - What changes while the rulebook does not run is not told. Have the playbook that it starts look at all there is.
  - An event has C(dn), C(change) (one of C(add), C(modify) and C(delete)), C(entry_uuid), and C(attributes), lists of
    texts by name; values that are no text are in base64. Of an entry that was moved it has C(old_dn). Password hashes
    and other secrets are left out, also when they were changed.
options:
  server_uri:
    description: Directory servers, tried in this order until one answers.
    type: list
    elements: str
    default: ["ldapi:///"]
  start_tls:
    description: Encrypt a connection to C(ldap://) before anything else is sent on it.
    type: bool
    default: false
  ca_path:
    description:
      - A file or folder with the authorities that may have signed the server's certificate. The default are those that
        the host trusts.
    type: path
  validate_certs:
    description: Whether the certificate must be valid for the name of the server.
    type: bool
    default: true
  client_cert:
    description: A file with our own certificate. Without O(bind_dn) it also says who we are (SASL EXTERNAL).
    type: path
  client_key:
    description: The file with the key of O(client_cert), when it is not in the same file.
    type: path
  bind_dn:
    description: Who we are. It needs to read what is told, and no more.
    type: str
  bind_password:
    description: The password of O(bind_dn).
    type: str
  connect_timeout:
    description: Seconds to wait for a server before the next one is tried.
    type: int
    default: 5
  timeout:
    description: Seconds to wait for the rest of an answer that has begun.
    type: int
    default: 60
  base:
    description: The entry below which changes are told.
    type: str
    required: true
  scope:
    description: How far below.
    type: str
    choices: [base, one, sub]
    default: sub
  filter:
    description:
      - Of which entries, as RFC 4515 says. One that comes to match is told as added, and one that no longer does as
        deleted.
    type: str
    default: (objectClass=*)
  attributes:
    description: Which attributes the events have. What changes in others is not told.
    type: list
    elements: str
    default: ["*"]
  initial:
    description: Whether all entries that there are at the beginning are told as added.
    type: bool
    default: false
  max_delay:
    description:
      - How many seconds to wait at most before a server that went away is tried again. It begins with one second and
        doubles.
      - A server that refuses the password, the base or the synchronisation at the beginning ends the rulebook.
    type: int
    default: 60
"""

EXAMPLES = r"""
- name: Follow the directory
  hosts: all
  sources:
    - postfix_manager.mail.ldap_changes:
        server_uri: [ldaps://ldap.example.org]
        bind_dn: cn=reader,dc=example,dc=org
        bind_password: "{{ reader_password }}"
        base: ou=staff,dc=example,dc=org
        filter: (objectClass=inetOrgPerson)
        attributes: [mail, employeeType]
  rules:
    - name: Somebody came, changed or left
      condition: event.change in ["add", "modify", "delete"]
      throttle: {once_within: 10 seconds, group_by_attributes: [event.meta.source.type]}
      action:
        run_playbook:
          name: follow.yml
"""

LOG = logging.getLogger(__name__)
LIBRARY = "ansible_collections.postfix_manager.mail.plugins.module_utils._directory.following"


def following() -> Any:
    """What does the work. ansible-rulebook runs this file alone, so the collection around it has to be found first."""
    root = str(Path(__file__).absolute().parents[7])
    if root not in sys.path:
        sys.path.append(root)
    return importlib.import_module(LIBRARY)


async def main(queue: asyncio.Queue[Any], args: dict[str, Any]) -> None:
    """Put events into the queue until cancelled."""
    library = following()
    given = {name: value for name, value in args.items() if name != "eda_feedback_queue"}
    steps = library.follow(library.read_options(given))
    while True:
        # The session waits for its server in a thread, so that other sources and rules go on.
        told = await asyncio.to_thread(next, steps)
        for change in told.changes:
            await queue.put(change)
        if told.fault:
            LOG.warning("%s; next try in %g s", told.fault, told.pause)
            await asyncio.sleep(told.pause)
