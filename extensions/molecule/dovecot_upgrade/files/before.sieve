# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
require ["fileinto", "mailbox"];
if header :contains "X-Spam-Flag" "YES" { fileinto :create "Spam"; stop; }
