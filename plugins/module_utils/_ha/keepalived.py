# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of keepalived.conf, of what it calls, and of what systemd does when it dies. Pure."""

from __future__ import annotations

from .cluster import HEALTH_PORT, Cluster

CHECK = "/etc/keepalived/postfix_manager_check"
NOTIFY = "/etc/keepalived/postfix_manager_notify"
UNIT = "/etc/systemd/system/keepalived.service.d/postfix_manager.conf"
# While this file is there, the node is in maintenance and gives the address to another one.
MAINTENANCE = "/var/lib/postfix_manager/ha/maintenance"
STATUS = "/var/lib/postfix_manager/status/ha.json"
METRICS = "/var/lib/prometheus/node-exporter/postfix_manager_ha.prom"
# Every node has the same: who holds the address keeps it when another one comes back. One that cannot serve has less.
PRIORITY, LESS = 100, 20
WRITTEN = "# Written by postfix_manager.mail.ha_config; the next run puts back what is changed here."


def render(cluster: Cluster) -> str:
    """keepalived.conf."""
    # A router of VRRP announces addresses of one family; the other one's move along.
    address_6 = (
        f"""
    virtual_ipaddress_excluded {{
        {cluster.address_6} dev {cluster.interface}
    }}"""
        if cluster.address_6
        else ""
    )
    peers = "\n".join(f"        {node.address}" for node in cluster.others)
    return f"""{WRITTEN}
global_defs {{
    router_id {cluster.this.name}
    vrrp_version 3
    script_user root
    enable_script_security
    vrrp_garp_master_refresh 10
    vrrp_garp_master_delay 1
    # A busy node must not be taken for a dead one.
    vrrp_priority -20
}}

vrrp_script can_serve {{
    script {CHECK}
    interval 1
    timeout 2
    fall 2
    rise 2
    weight -{LESS}
}}

vrrp_instance mail {{
    state BACKUP
    interface {cluster.interface}
    virtual_router_id {cluster.router_id}
    priority {PRIORITY}
    advert_int {cluster.interval:g}
    unicast_src_ip {cluster.this.address}
    unicast_peer {{
{peers}
    }}
    virtual_ipaddress {{
        {cluster.address}/{cluster.prefix} dev {cluster.interface}
    }}{address_6}
    track_script {{
        can_serve
    }}
    notify {NOTIFY}
}}
"""


def render_check() -> str:
    """Whether this node can serve: it is not in maintenance, HAProxy answers, and has a node behind each service."""
    return f"""#!/usr/bin/env bash
{WRITTEN}
[ ! -e {MAINTENANCE} ] || exit 1
exec 3<>/dev/tcp/127.0.0.1/{HEALTH_PORT} || exit 1
printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3
read -r -t 1 _version status _words <&3
[ "$status" = 200 ]
"""


def render_notify(cluster: Cluster) -> str:
    """Say each change of state to the log, a file, Prometheus where its exporter is, and by mail where one wants it."""
    mail = (
        f"""
printf 'Subject: [ha] %s is %s of {cluster.address}\\nTo: {cluster.recipient}\\n\\nIts priority is %s.\\n' \\
    "$node" "$state" "$priority" | /usr/sbin/sendmail -i {cluster.recipient}
"""
        if cluster.recipient
        else ""
    )
    metrics = METRICS.rpartition("/")[0]
    return f"""#!/usr/bin/env bash
{WRITTEN}
# keepalived says: INSTANCE, the name, the state, the priority.
umask 022
node={cluster.this.name} state=$3 priority=$4
now=$(date +%s)
logger -t postfix_manager_ha -p mail.notice "$node is $state of {cluster.address}, priority $priority"
mkdir -p {STATUS.rpartition("/")[0]}
printf '{{"node": "%s", "state": "%s", "address": "{cluster.address}", "since": %s}}\\n' \\
    "$node" "$state" "$now" >{STATUS}.new
mv {STATUS}.new {STATUS}
if [ -d {metrics} ]; then
    held=0
    [ "$state" != MASTER ] || held=1
    printf 'postfix_manager_ha_address_held %s\\npostfix_manager_ha_state_since_timestamp_seconds %s\\n' \\
        "$held" "$now" >{METRICS}.new
    mv {METRICS}.new {METRICS}
fi
{mail}"""


def render_unit(cluster: Cluster) -> str:
    """One that was killed leaves the address on its interface, and must not hold it beside another node."""
    addresses = [f"{cluster.address}/{cluster.prefix}", *([cluster.address_6] if cluster.address_6 else [])]
    taken_back = "".join(f"ExecStopPost=-/bin/ip address delete {one} dev {cluster.interface}\n" for one in addresses)
    return f"""{WRITTEN}
[Service]
Restart=always
RestartSec=1
{taken_back}"""
