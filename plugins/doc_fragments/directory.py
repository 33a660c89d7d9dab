# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""The directory server and who we are there: documentation of the shared argument spec C(directory)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  server_uri:
    description:
      - Directory servers, tried in this order until one answers. C(ldapi:///) is the socket of a server on the target.
      - A server with a wrong certificate, or one that refuses the password, ends the search. It is an error.
    type: list
    elements: str
    default: ["ldapi:///"]
  start_tls:
    description: Encrypt a connection to C(ldap://) before anything else is sent on it.
    type: bool
    default: false
  ca_path:
    description:
      - A file or folder on the target with the authorities that may have signed the server's certificate. The default
        are those that the target trusts.
    type: path
  validate_certs:
    description: Whether the certificate must be valid for the name of the server.
    type: bool
    default: true
  client_cert:
    description:
      - A file on the target with our own certificate. Without O(bind_dn) it also says who we are (SASL EXTERNAL).
    type: path
  client_key:
    description: The file with the key of O(client_cert), when it is not in the same file.
    type: path
  bind_dn:
    description:
      - Who we are. The default over C(ldapi://) is the user of the target (SASL EXTERNAL), and otherwise nobody.
      - Debian's slapd lets root manage its configuration that way, but not the entries of the directory, as long as
        C(olcAccess) of their database does not say so.
    type: str
  bind_password:
    description: The password of O(bind_dn).
    type: str
  connect_timeout:
    description: Seconds to wait for a server before the next one is tried.
    type: int
    default: 5
  timeout:
    description: Seconds to wait for each answer of the server.
    type: int
    default: 60
"""
