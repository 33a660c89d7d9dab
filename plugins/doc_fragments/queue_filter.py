# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Which messages in the queue are meant: documentation of the shared argument spec C(queue_filter)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  filter:
    description:
      - A dictionary of conditions that select messages. All of them must hold; a list of texts means any of them.
      - C(queue) is V(maildrop), V(incoming), V(active), V(deferred), V(hold) or V(corrupt).
      - C(queue_id) is the name of a message, in the short or the long form.
      - C(sender), C(recipient), C(sender_domain) and C(recipient_domain) are the whole of an address or domain, with
        V(*) for any text and V(?) for a letter, or a regular expression between slashes, which is searched. Letters
        count the same in either case. V(<>) is the empty sender of bounces.
      - C(reason) is a class of enhanced statuses such as V(4.7.x), a status such as V(4.4.1), words that the reason of
        the delay holds, or a regular expression between slashes.
      - C(age) is V(2h), which means two hours or more, or a dictionary with C(min), C(max) or both. Units are V(s),
        V(m), V(h), V(d) and V(w).
      - C(size) is in bytes, or with V(k), V(m) or V(g); C(recipients) is how many recipients are left. Both take
        C(min) and C(max) as C(age) does.
      - C(client) is the name or address of the client that brought the message, C(sasl_user) who was logged in. Both
        are read from the files of those messages that all other conditions select.
      - C(all) and C(any) take a list of such dictionaries, C(not) takes one.
    type: dict
  list_limit:
    description: How many messages RV(ignore:messages) shows at most, the first of the list.
    type: int
    default: 100
  recipient_limit:
    description: How many recipients, with their reasons, each of them shows at most.
    type: int
    default: 10
"""
