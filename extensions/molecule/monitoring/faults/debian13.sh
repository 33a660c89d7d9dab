#!/bin/sh
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Faults of this host: a directory that asks nobody for changes any more, a dead Postfix, a file that is no certificate, and
# a configuration that Prometheus refuses.
set -e
ldapmodify -QY EXTERNAL -H ldapi:/// >/dev/null <<'END'
dn: olcDatabase={1}mdb,cn=config
changetype: modify
replace: olcSyncrepl
olcSyncrepl: rid=1 provider=ldap://127.0.0.1:9 type=refreshAndPersist
  retry="1 +" searchbase=dc=example,dc=test bindmethod=simple
END
systemctl stop postfix
echo nothing >/etc/ssl/mail/broken.pem
rm -f /var/lib/prometheus/node-exporter/postfix_manager_certificates.prom
echo nonsense >>/etc/prometheus/prometheus.yml
systemctl reload prometheus
