# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which Postfix on the host is meant: documentation of the shared argument spec C(instance)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  config_directory:
    description:
      - The folder with main.cf and master.cf. It must exist.
      - Left out, it is that of O(instance), or C(/etc/postfix).
    type: path
  instance:
    description:
      - The name of an instance, C(multi_instance_name) in its main.cf, as postmulti(1) lists them; V(-) is the default
        instance. Its folder is looked up through C(multi_instance_directories) in C(/etc/postfix/main.cf).
      - Give this or O(config_directory).
    type: str
"""
