#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: postfix_config
short_description: Parameters, services and lookup tables of Postfix in one staged change
version_added: 0.1.0
author: Postfix Manager authors (@postfix-manager)
description:
  - Declares parameters of main.cf, services of master.cf and configuration files of lookup tables. All that differs is
    changed at once; what a crash interrupted is dropped or completed by the next run.
  - A changed configuration is staged in a private directory and checked there before it is used, in check mode too -
    by Postfix's own tools, and for what these let pass, such as a misspelt parameter that is asked for, a daemon that
    is not installed, a listener that Postfix would stop at, or an open relay. Every error is reported, and with one
    nothing is changed. Warnings are reported and do not hinder.
  - Comments, order and layout that a person wrote are kept. Values are compared by meaning, not by layout.
  - Owner and mode of the files are kept at root and 0644, of lookup table files at root, group postfix and 0640.
  - The module does not reload or restart Postfix. It returns which of the two the change needs;
    M(postfix_manager.mail.mail_service) takes that as options.
  - main.cf and master.cf can be read by everybody on the host and are shown in diffs. Secrets do not belong there.
extends_documentation_fragment:
  - postfix_manager.mail.attributes
  - postfix_manager.mail.attributes.mail
  - postfix_manager.mail.backup
  - postfix_manager.mail.rollback
  - postfix_manager.mail.findings
  - postfix_manager.mail.instance
options:
  parameters:
    description:
      - Parameters of main.cf by name.
      - A boolean becomes C(yes) or C(no). The items of a list are joined by commas. An empty text is an explicit empty
        value, V(null) removes the parameter, so that its default counts.
      - Put numbers with a fraction in quotes, as in V("3.10").
    type: dict
  services:
    description:
      - Services of master.cf. What is not given stays as it is for a service that exists. For a new one it is C(-), the
        built-in default, or V(false) for O(services[].private) of the type V(inet), since Postfix takes nothing else.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the service. For the type V(inet) a port, or host and port with a colon between.
        type: str
        required: true
      type:
        description: The type of the service.
        type: str
        choices: [inet, unix, unix-dgram, fifo, pass]
        required: true
      private:
        description: Whether access is restricted to the mail system. A boolean, or V(-) for the built-in default.
        type: raw
      unpriv:
        description: Whether the service runs without privileges. A boolean, or V(-) for the built-in default.
        type: raw
      chroot:
        description:
          - Whether the service is confined to the queue directory. A boolean, or V(-) for the built-in default.
        type: raw
      wakeup:
        description: Seconds between two wake-ups, with C(?) behind to wake only a service in use, or V(-).
        type: str
      maxproc:
        description: The largest number of processes, V(0) for no limit, or V(-).
        type: str
      command:
        description: The name of the daemon. Required for a service that does not exist yet.
        type: str
      options:
        description:
          - Overrides of main.cf for this service, with values as in O(parameters). V(null) removes one.
          - Overrides that are not given stay.
        type: dict
      args:
        description:
          - Everything behind the overrides, such as what pipe(8) takes.
          - A list of arguments, each of which arrives as it is, or a text as in master.cf.
        type: raw
      state:
        description: Whether the service shall be there.
        type: str
        choices: [present, absent]
        default: present
  map_files:
    description:
      - Configuration files of lookup tables, as in sqlite_table(5), pgsql_table(5) or ldap_table(5). A file is declared
        whole. Folders that are missing are created.
    type: list
    elements: dict
    suboptions:
      name:
        description: Where the file is below O(config_directory), such as V(sqlite/mailboxes.cf).
        type: str
        required: true
      parameters:
        description:
          - Parameters by name, with values as in O(parameters). Secrets are refused here, since Ansible logs them.
        type: dict
      secrets:
        description:
          - Parameters that nobody may see, such as C(password) or C(bind_pw). A diff shows only that they changed.
        type: dict
      state:
        description: Whether the file shall be there.
        type: str
        choices: [present, absent]
        default: present
  purge:
    description:
      - Take what is declared for the whole. Parameters that are not declared are removed, so that their defaults count.
        Services that are not declared are set back to what the package brought, or removed when it brought none, and
        declared ones start from there instead of from what is present.
      - Only what is given is purged - without O(services), no service is touched. Lookup table files never are.
    type: bool
    default: false
  purge_ignore:
    description:
      - Shell patterns of what O(purge) leaves alone, matched against the names of parameters and against C(name/type)
        of services.
    type: list
    elements: str
"""

EXAMPLES = r"""
- name: Configure a server for virtual mailboxes
  postfix_manager.mail.postfix_config:
    parameters:
      compatibility_level: "3.6"
      myhostname: mail.example.org
      mydestination: [$myhostname, localhost]
      mynetworks: ["127.0.0.0/8", "[::1]/128"]
      inet_interfaces: all
      message_size_limit: 52428800
      smtpd_banner: $myhostname ESMTP
      smtpd_tls_chain_files: [/etc/ssl/private/mail.key, /etc/ssl/certs/mail.pem]
      smtpd_tls_security_level: may
      smtpd_tls_auth_only: true
      smtp_tls_security_level: may
      smtpd_sasl_type: dovecot
      smtpd_sasl_path: private/auth
      smtpd_relay_restrictions: [permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination]
      smtpd_recipient_restrictions: [reject_non_fqdn_recipient, reject_unknown_recipient_domain]
      smtpd_helo_required: true
      disable_vrfy_command: true
      virtual_mailbox_domains: proxy:sqlite:$config_directory/sqlite/domains.cf
      virtual_mailbox_maps: proxy:sqlite:$config_directory/sqlite/mailboxes.cf
      virtual_transport: lmtp:unix:private/dovecot-lmtp
      relayhost: ""
    map_files:
      - name: sqlite/domains.cf
        parameters:
          dbpath: /var/lib/postfix_manager/accounts.sqlite
          query: SELECT domain FROM domain WHERE domain = '%s' AND active = 1
      - name: sqlite/mailboxes.cf
        parameters:
          dbpath: /var/lib/postfix_manager/accounts.sqlite
          query: SELECT maildir FROM mailbox WHERE username = '%s' AND active = 1
  register: configuration

- name: Have Postfix run with it
  postfix_manager.mail.mail_service:
    name: postfix.service
    reload: "{{ configuration.reload_required }}"
    restart: "{{ configuration.restart_required }}"

- name: Accept mail from users on the submission port, after authentication over TLS
  postfix_manager.mail.postfix_config:
    services:
      - name: submission
        type: inet
        chroot: true
        command: smtpd
        options:
          syslog_name: postfix/submission
          smtpd_tls_security_level: encrypt
          smtpd_sasl_auth_enable: true
          smtpd_client_restrictions: ""
          smtpd_relay_restrictions: [permit_sasl_authenticated, reject]

- name: Deliver to a program through pipe(8)
  postfix_manager.mail.postfix_config:
    services:
      - name: archive
        type: unix
        unpriv: false
        chroot: false
        command: pipe
        args: flags=R user=nobody argv=/usr/bin/tee -a /var/tmp/archive

- name: Undo it, and set a parameter back to its default
  postfix_manager.mail.postfix_config:
    parameters:
      smtpd_banner: null
    services:
      - {name: archive, type: unix, state: absent}

- name: Take back the last change
  postfix_manager.mail.postfix_config:
    state: rolled_back

- name: Look up in a directory that wants a password
  postfix_manager.mail.postfix_config:
    map_files:
      - name: ldap/aliases.cf
        parameters:
          server_host: ldap://ldap.example.org
          version: 3
          search_base: ou=people,dc=example,dc=org
          query_filter: (mailAlternateAddress=%s)
          result_attribute: mail
          bind_dn: cn=postfix,dc=example,dc=org
        secrets:
          bind_pw: "{{ ldap_password | default('only an example') }}"

- name: Let the instance for outgoing mail listen on a port of its own
  postfix_manager.mail.postfix_config:
    instance: postfix-out
    parameters:
      inet_interfaces: all
    services:
      - {name: "10025", type: inet, command: smtpd}

- name: Show what differs from the whole of what is declared, but for what another team looks after
  postfix_manager.mail.postfix_config:
    parameters:
      compatibility_level: "3.6"
      myhostname: mail.example.org
      mydestination: [$myhostname, localhost]
    services:
      - {name: smtp, type: inet, chroot: true, command: smtpd}
    purge: true
    purge_ignore: [milter_*, "*_milters", "*/pass", "12?.0.0.1:*/inet"]
  check_mode: true
  diff: true
"""

RETURN = r"""
actions:
  description: What was done, or would be done in check mode, in words.
  returned: success
  type: list
  elements: str
  sample: ["change /etc/postfix/main.cf: smtpd_banner"]
parameters:
  description: The parameters of main.cf that changed.
  returned: success
  type: list
  elements: str
  sample: [smtpd_banner]
services:
  description: The services of master.cf that changed, as C(name/type).
  returned: success
  type: list
  elements: str
  sample: [submission/inet]
map_files:
  description: The lookup table files that changed, by their name below O(config_directory).
  returned: success
  type: list
  elements: str
  sample: [sqlite/mailboxes.cf]
reload_required:
  description: Whether a running Postfix has to take the change over. Also true when RV(restart_required) is.
  returned: success
  type: bool
restart_required:
  description:
    - Whether Postfix has to be stopped and started for that. So it is when C(inet_interfaces), C(inet_protocols),
      C(maillog_file), C(queue_directory) or C(data_directory) changed, when the first service is confined to the queue
      directory, and after a crash interrupted a change.
  returned: success
  type: bool
findings:
  description:
    - What the checks of a changed configuration found. When one is an error, the module fails and returns them too.
      Nothing is checked when nothing changes, or when Postfix is not installed.
  returned: success, and failure because of an error among them
  type: list
  elements: dict
  contains:
    code:
      description: The kind of finding, such as V(unknown_parameter) or V(open_relay).
      type: str
    severity:
      description: V(error) or V(warning).
      type: str
    message:
      description: What is wrong.
      type: str
    cure:
      description: What to do about it.
      type: str
    file:
      description: The file, if it is known.
      type: str
    line:
      description: The line in the new file, if it is known.
      type: int
    name:
      description: The parameter, or the service as C(name/type).
      type: str
    value:
      description: The value that is wrong.
      type: str
    option:
      description: The option of this module that it came from, where that is known.
      type: str
backup_id:
  description: The name of the backup of what was replaced, for O(backup_id) of a rollback.
  returned: when files were changed and O(backup) is true
  type: str
  sample: 20261123T093000Z-17
backup_path:
  description: Its folder.
  returned: when files were changed and O(backup) is true
  type: str
  sample: /var/backups/postfix_manager/20261123T093000Z-17
rolled_back:
  description: The backup that was gone back to, V(null) when the last change was a rollback already.
  returned: when O(state=rolled_back)
  type: str
  sample: 20261123T093000Z-17
"""

from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.arguments import module_spec
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.runner import run_module
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.config_host import plan_config
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.instance_host import configuration_directory

STATE = {"type": "str", "choices": ["present", "absent"], "default": "present"}
SPEC = module_spec(
    "backup",
    "rollback",
    "findings",
    "instance",
    options={
        "parameters": {"type": "dict"},
        "services": {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"type": "str", "required": True},
                "type": {"type": "str", "choices": ["inet", "unix", "unix-dgram", "fifo", "pass"], "required": True},
                "private": {"type": "raw"},
                "unpriv": {"type": "raw"},
                "chroot": {"type": "raw"},
                "wakeup": {"type": "str"},
                "maxproc": {"type": "str"},
                "command": {"type": "str"},
                "options": {"type": "dict"},
                "args": {"type": "raw"},
                "state": STATE,
            },
        },
        "map_files": {
            "type": "list",
            "elements": "dict",
            "options": {
                "name": {"type": "str", "required": True},
                "parameters": {"type": "dict"},
                "secrets": {"type": "dict", "no_log": True},
                "state": STATE,
            },
        },
        "purge": {"type": "bool", "default": False},
        "purge_ignore": {"type": "list", "elements": "str"},
    },
)


def main() -> None:
    run_module(SPEC, plan_config, lock=configuration_directory)


if __name__ == "__main__":
    main()
