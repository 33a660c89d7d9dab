# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which setting took the place of another between 2.3 and 2.4, and which Debian package brings a name.

From Dovecot's guide to the upgrade from 2.3 to 2.4; packages as Debian 12 and 13 cut them.
"""

from __future__ import annotations

# Setting or section of 2.3 to what to write for 2.4.
IN_2_4 = {
    "args": "the settings of the driver in the passdb or userdb itself",
    "auth_default_realm": "auth_default_domain",
    "auth_worker_max_count": "process_limit in the section `service auth-worker`",
    "default_fields": "a section `fields`",
    "default_idle_kill": "default_idle_kill_interval",
    "disable_plaintext_auth": "auth_allow_cleartext, with the opposite value",
    "idle_kill": "idle_kill_interval",
    "location": "mail_driver and mail_path",
    "mail_location": "mail_driver, mail_path, mail_inbox_path and mail_index_path",
    "override_fields": "a section `fields`",
    "plugin": "its settings at the top level; quotas and Sieve scripts have sections of their own",
    "quota_grace": "quota_storage_grace",
    "quota_max_mail_size": "quota_mail_size",
    "quota_rule": "quota_storage_size",
    "service_count": "restart_request_count",
    "sieve": "a section `sieve_script personal` with path and active_path",
    "sieve_after": "a section `sieve_script` with `type: after`",
    "sieve_before": "a section `sieve_script` with `type: before`",
    "sieve_dir": "path in a section `sieve_script personal`",
    "ssl_ca": "ssl_server_ca_file, the path without <",
    "ssl_cert": "ssl_server_cert_file, the path without <",
    "ssl_cert_username_field": "ssl_server_cert_username_field",
    "ssl_client_ca": "ssl_client_ca_file, the path without <",
    "ssl_client_cert": "ssl_client_cert_file, the path without <",
    "ssl_client_key": "ssl_client_key_file, the path without <",
    "ssl_dh": "ssl_server_dh_file, the path without <",
    "ssl_key": "ssl_server_key_file, the path without <",
    "ssl_key_password": "ssl_server_key_password",
    "ssl_prefer_server_ciphers": "ssl_server_prefer_ciphers",
    "ssl_require_crl": "ssl_server_require_crl",
    "ssl_verify_client_cert": "ssl_server_request_client_cert",
    "verbose_ssl": "log_debug with `category=ssl`",
}
# Setting or section of 2.4 to what to write for 2.3.
IN_2_3 = {
    "auth_allow_cleartext": "disable_plaintext_auth, with the opposite value",
    "fields": "default_fields or override_fields",
    "mail_driver": "mail_location, as in `maildir:~/Maildir`",
    "mail_path": "mail_location, as in `maildir:~/Maildir`",
    "query": "password_query or user_query in a file that args names",
    "quota": "quota in the section `plugin`, as in `count:User quota`",
    "restart_request_count": "service_count",
    "sieve_script": "sieve, sieve_before and sieve_after in the section `plugin`",
    "sql_driver": "driver in a file that args of the passdb and userdb name",
    "sqlite_path": "connect in a file that args of the passdb and userdb name",
    "ssl_server_ca_file": "ssl_ca, with < before the path",
    "ssl_server_cert_file": "ssl_cert, with < before the path",
    "ssl_server_dh_file": "ssl_dh, with < before the path",
    "ssl_server_key_file": "ssl_key, with < before the path",
}
REPLACEMENTS = {"2.3": IN_2_3, "2.4": IN_2_4}

# Protocol to the programs that serve it and the package that brings them.
PROTOCOLS = {
    "imap": (("imap", "imap-login"), "dovecot-imapd"),
    "pop3": (("pop3", "pop3-login"), "dovecot-pop3d"),
    "lmtp": (("lmtp",), "dovecot-lmtpd"),
    "sieve": (("managesieve", "managesieve-login"), "dovecot-managesieved"),
    "submission": (("submission", "submission-login"), "dovecot-submissiond"),
}
# First word of the settings of plugins, which 2.3 only takes in the section `plugin`.
PLUGIN_WORDS = ("acl", "fts", "imapsieve", "quota", "sieve", "trash")
MANAGESIEVE = ("dovecot-managesieved", "settings/libmanagesieve_settings.so")
# SQL driver to the package that brings it, and the file of it that Dovecot loads.
SQL_DRIVERS = {
    "mysql": ("dovecot-mysql", "libdriver_mysql.so"),
    "pgsql": ("dovecot-pgsql", "libdriver_pgsql.so"),
    "sqlite": ("dovecot-sqlite", "libdriver_sqlite.so"),
}
# First word of a setting that Dovecot only knows with the package installed, to that package and a file of it.
OPTIONAL = {
    "2.3": {"managesieve": MANAGESIEVE},
    "2.4": {
        "ldap": ("dovecot-ldap", "auth/libauthdb_ldap.so"),
        "managesieve": MANAGESIEVE,
        "sieve": ("dovecot-sieve", "lib90_sieve_plugin.so"),
        **SQL_DRIVERS,
    },
}
