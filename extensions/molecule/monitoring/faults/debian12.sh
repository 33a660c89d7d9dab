#!/bin/sh
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Faults of this host: mail that waits, a dead Dovecot, certificates that end, full file systems, a failed backup.
set -e
smtp-source -c -m 60 -s 4 -f a@example.test -t b@far.example 127.0.0.1:25 >/dev/null
[ ! -e /lib/systemd/system/dovecot.socket ] || systemctl stop dovecot.socket
systemctl stop dovecot
for name in soon:12 late:3; do
    openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=a -days "${name#*:}" -keyout /dev/null \
        -out "/etc/ssl/mail/${name%:*}.pem" 2>/dev/null
done
rm -f /var/lib/prometheus/node-exporter/postfix_manager_certificates.prom
mkdir -p /srv/small /srv/few
mount -t tmpfs -o size=1m small /srv/small
head -c 1048576 /dev/zero >/srv/small/file
mount -t tmpfs -o size=1m,nr_inodes=10 few /srv/few
for number in 1 2 3 4 5 6 7 8 9; do touch "/srv/few/$number"; done
cat >/var/lib/prometheus/node-exporter/postfix_manager_backup.prom <<'END'
postfix_manager_job_success{job="backup"} 0
postfix_manager_job_last_success_timestamp_seconds{job="backup"} 0
END
