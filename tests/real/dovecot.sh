#!/bin/sh
# Installs Dovecot's IMAP server from Debian's packages, for the tests: once a machine, as root. It
# starts nothing; that is what dovecot.py beside this file does, as whoever runs the tests.
set -eu

stop() { # $1: the one line that says what is wanting
    echo "Dovecot: $1" >&2
    exit 1
}

[ -x /usr/sbin/dovecot ] && [ -x /usr/lib/dovecot/imap ] && exit 0
command -v apt-get >/dev/null || stop 'it is installed by apt-get, which is not here; it takes a Debian 12'
[ "$(id -u)" -eq 0 ] || stop 'it is not installed yet, and only root can; run the tests as root once'

# One at a time: several processes of the tests find it missing at once.
exec 9>/var/lock/numberone-tests
flock 9
[ -x /usr/sbin/dovecot ] && [ -x /usr/lib/dovecot/imap ] && exit 0

# Nothing that is installed may start by itself; what forbids it already is left as it is.
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
    trap 'rm -f "$guard"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$guard"
    chmod +x "$guard"
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -q -y --no-install-recommends dovecot-core dovecot-imapd
