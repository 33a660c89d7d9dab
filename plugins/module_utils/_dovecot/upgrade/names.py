# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Settings of 2.3 outside of sections: those that 2.4 takes as they are, under another name, or not at all.

Asked of doveconf 2.3.19 and 2.4.1, setting by setting; the reasons are those of Dovecot's guide to the upgrade.
"""

from __future__ import annotations

from .variables import DELIVERY, IMAP, LOGIN, LOGIN_LINE, POP3, REJECTION, SIEVE, UIDL

_SAME = """
    auth_anonymous_username auth_cache_negative_ttl auth_cache_size auth_cache_ttl
    auth_cache_verify_password_with_worker auth_debug_passwords auth_failure_delay auth_gssapi_hostname
    auth_krb5_keytab auth_master_user_separator auth_mechanisms auth_policy_check_after_auth
    auth_policy_check_before_auth auth_policy_hash_mech auth_policy_hash_nonce auth_policy_hash_truncate
    auth_policy_log_only auth_policy_reject_on_fail auth_policy_report_after_auth auth_policy_server_api_header
    auth_policy_server_url auth_proxy_self auth_realms auth_socket_path auth_ssl_require_client_cert
    auth_ssl_username_from_cert auth_use_winbind auth_username_chars auth_username_format auth_verbose
    auth_verbose_passwords auth_winbind_helper_path base_dir debug_log_path default_client_limit
    default_internal_group default_internal_user default_login_user default_process_limit default_vsz_limit
    dotlock_use_excl doveadm_allowed_commands doveadm_api_key doveadm_password doveadm_port doveadm_socket_path
    doveadm_ssl doveadm_username doveadm_worker_count dsync_alt_char dsync_commit_msgs_interval dsync_features
    dsync_hashed_headers dsync_remote_cmd first_valid_gid first_valid_uid haproxy_timeout haproxy_trusted_networks
    hostname imap_capability imap_client_workarounds imap_compress_on_proxy imap_fetch_failure
    imap_hibernate_timeout imap_id_retain imap_idle_notify_interval imap_literal_minus imap_max_line_length
    imap_metadata imap_urlauth_host imap_urlauth_port imapc_cmd_timeout imapc_connection_retry_count
    imapc_connection_retry_interval imapc_host imapc_list_prefix imapc_master_user imapc_max_idle_time
    imapc_max_line_length imapc_password imapc_port imapc_rawlog_dir imapc_sasl_mechanisms imapc_ssl imapc_user
    info_log_path instance_name last_valid_gid last_valid_uid lda_mailbox_autocreate lda_mailbox_autosubscribe
    lda_original_recipient_header libexec_dir lmtp_add_received_header lmtp_client_workarounds
    lmtp_hdr_delivery_address lmtp_proxy lmtp_proxy_rawlog_dir lmtp_rawlog_dir lmtp_rcpt_check_quota
    lmtp_save_to_detail_mailbox lmtp_user_concurrency_limit lmtp_verbose_replies lock_method log_core_filter
    log_debug log_path log_timestamp login_greeting login_plugin_dir login_plugins login_proxy_max_disconnect_delay
    login_proxy_max_reconnects login_proxy_notify_path login_proxy_rawlog_dir login_proxy_timeout login_source_ips
    login_trusted_networks mail_access_groups mail_always_cache_fields mail_attachment_detection_options
    mail_cache_fields mail_chroot mail_debug mail_fsync mail_full_filesystem_access mail_gid mail_home
    mail_log_prefix mail_max_keyword_length mail_max_lock_timeout mail_max_userip_connections
    mail_never_cache_fields mail_nfs_index mail_nfs_storage mail_plugin_dir mail_prefetch_count
    mail_privileged_group mail_save_crlf mail_server_admin mail_server_comment mail_shared_explicit_inbox
    mail_sort_max_read_count mail_temp_dir mail_temp_scan_interval mail_uid mail_vsize_bg_after_count
    mailbox_idle_check_interval mailbox_list_index mailbox_list_index_include_inbox
    mailbox_list_index_very_dirty_syncs maildir_broken_filename_sizes maildir_copy_with_hardlinks maildir_empty_new
    maildir_stat_dirs maildir_very_dirty_syncs managesieve_client_workarounds managesieve_implementation_string
    managesieve_max_compile_errors managesieve_max_line_length managesieve_notify_capability
    managesieve_sieve_capability mbox_dirty_syncs mbox_dotlock_change_timeout mbox_lazy_writes mbox_lock_timeout
    mbox_md5 mbox_min_index_size mbox_read_locks mbox_very_dirty_syncs mbox_write_locks mdbox_preallocate_space
    mdbox_rotate_interval mdbox_rotate_size mmap_disable pop3_client_workarounds pop3_delete_type pop3_deleted_flag
    pop3_enable_last pop3_fast_size_lookups pop3_lock_session pop3_no_flag_updates pop3_reuse_xuidl pop3_save_uidl
    pop3_uidl_duplicates pop3c_features pop3c_host pop3c_master_user pop3c_password pop3c_port
    pop3c_quick_received_date pop3c_rawlog_dir pop3c_ssl pop3c_ssl_verify pop3c_user postmaster_address
    process_shutdown_filter quota_full_tempfail rawlog_dir recipient_delimiter sendmail_path shutdown_clients
    ssl_cipher_list ssl_cipher_suites ssl_client_ca_dir ssl_client_ca_file ssl_client_require_valid_cert
    ssl_crypto_device ssl_curve_list state_dir stats_writer_socket_path submission_client_workarounds
    submission_host submission_max_mail_size submission_max_recipients submission_relay_command_timeout
    submission_relay_connect_timeout submission_relay_host submission_relay_master_user
    submission_relay_max_idle_time submission_relay_password submission_relay_port submission_relay_rawlog_dir
    submission_relay_ssl submission_relay_ssl_verify submission_relay_trusted submission_relay_user submission_ssl
    submission_timeout syslog_facility valid_chroot_dirs verbose_proctitle version_ignore
    listen mail_cache_record_max_size mail_cache_unaccessed_field_drop mail_index_log_rotate_min_size
    mail_index_rewrite_min_log_bytes mail_cache_max_size mail_cache_min_mail_count
    mail_cache_purge_continued_percentage mail_cache_purge_delete_percentage mail_cache_purge_header_continue_count
    mail_cache_purge_min_size mail_index_log2_max_age mail_index_log_rotate_max_size mail_index_log_rotate_min_age
    mail_index_rewrite_max_log_bytes submission_backend_capabilities imap_urlauth_submit_user doveadm_proxy_port
"""
SAME = frozenset(_SAME.split())
# No limit in 2.3 where they are 0, which 2.4 takes for a limit, or refuses.
UNLIMITED = {"default_vsz_limit", "imapc_max_line_length", "lmtp_user_concurrency_limit"}
# 2.3 sees no variables in these: a % is one of a secret, or for strftime.
LITERAL = {
    *("auth_policy_hash_nonce", "auth_policy_server_api_header", "doveadm_api_key", "doveadm_password"),
    *("imapc_password", "log_timestamp", "pop3c_password", "ssl_cipher_list", "ssl_key_password"),
    "submission_relay_password",
}

# Under another name, with the same value.
RENAMED = {
    "auth_default_realm": "auth_default_domain",
    "default_idle_kill": "default_idle_kill_interval",
    "mail_attachment_dir": "mail_ext_attachment_path",
    "mail_attachment_min_size": "mail_ext_attachment_min_size",
    "master_user_separator": "auth_master_user_separator",
    "ssl_ca_dir": "ssl_client_ca_dir",
    # As 1.x had them, and 2.3 still takes them.
    "ssl_ca_file": "ssl_server_ca_file",
    "ssl_cert_file": "ssl_server_cert_file",
    "ssl_key_file": "ssl_server_key_file",
    "ssl_cert_username_field": "ssl_server_cert_username_field",
    "ssl_key_password": "ssl_server_key_password",
    "ssl_require_crl": "ssl_server_require_crl",
}
# A file: its content read with <, to its path.
CERTIFICATES = {
    "ssl_alt_cert": "ssl_server_alt_cert_file",
    "ssl_alt_key": "ssl_server_alt_key_file",
    "ssl_ca": "ssl_server_ca_file",
    "ssl_cert": "ssl_server_cert_file",
    "ssl_client_cert": "ssl_client_cert_file",
    "ssl_client_key": "ssl_client_key_file",
    "ssl_dh": "ssl_server_dh_file",
    "ssl_key": "ssl_server_key_file",
}
# A line for the log or a client, with variables of its own.
LINES = {
    "deliver_log_format": DELIVERY,
    "imap_logout_format": IMAP,
    "imap_urlauth_logout_format": IMAP,
    "login_log_format": LOGIN_LINE,
    "login_log_format_elements": LOGIN,
    "managesieve_logout_format": SIEVE,
    "pop3_logout_format": POP3,
    "pop3_uidl_format": UIDL,
    "rejection_reason": REJECTION,
    "rejection_subject": REJECTION,
    "submission_logout_format": IMAP,
}
# Names of a list that 2.4 wants as a section, name by name.
PAIRS = {"auth_policy_request_attributes", "imap_id_send", "import_environment"}

# Not in 2.4, and nobody misses it.
GONE = {
    "auth_stats": "2.4 counts by its metrics",
    "config_cache_size": "2.4 has no cache of its configuration",
    "dict_db_config": "2.4 has no Berkeley DB",
    "imap_id_log": "2.4 logs what clients say about themselves by the event imap_id_received",
    "ssl_dh_parameters_length": "2.4 makes no parameters of its own, a file holds them",
    "ssl_parameters_regenerate": "2.4 makes no parameters of its own, a file holds them",
}
GONE_WITH = {
    "director_": "2.4 has no director",
    "old_stats_": "2.4 has no old statistics",
    "replication_": "2.4 has no replicator",
    "replicator_": "2.4 has no replicator",
    "stats_carbon_": "2.4 has no old statistics",
}
# Not in 2.4, and something has to take its place.
MISSED = {
    "director_mail_servers": "2.4 has no director: bring users to their servers by a field `host` of the passdb",
    "director_servers": "2.4 has no director: bring users to their servers by a field `host` of the passdb",
    "login_access_sockets": "2.4 asks no TCP wrapper: restrict clients by a firewall or a passdb lua",
    "mail_replica": "2.4 has no replicator: run `doveadm sync` from a timer, or share the storage",
}
# Services of 2.3 that 2.4 does not have.
SERVICES = {
    "aggregator": "2.4 has no replicator",
    "director": "2.4 has no director",
    "ipc": "anvil does its work in 2.4",
    "old-stats": "2.4 has no old statistics",
    "replicator": "2.4 has no replicator",
    "ssl-params": "2.4 makes no parameters of its own, a file holds them",
    "tcpwrap": "2.4 asks no TCP wrapper",
}
# Mail plugins under another name, and those that went away, with what to do instead.
PLUGINS = {"zlib": "mail_compress"}
PLUGINS_GONE = {
    "antispam": "use imapsieve instead",
    "autocreate": "mailboxes have `auto` instead",
    "expire": "mailboxes have `autoexpunge` instead",
    "fts_lucene": "use fts_flatcurve or fts_solr instead",
    "fts_squat": "use fts_flatcurve or fts_solr instead",
    "imap_stats": "metrics count instead",
    "imap_zlib": "IMAP compresses by itself",
    "mailbox_alias": "use special_use or Sieve instead",
    "old_stats": "metrics count instead",
    "replication": "run `doveadm sync` from a timer instead",
    "snarf": "use Sieve instead",
    "stats": "metrics count instead",
}
