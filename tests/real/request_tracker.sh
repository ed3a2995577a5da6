#!/bin/sh
# Installs Request Tracker 5 from Debian's packages, for the tests: once a machine, as root. It makes
# no instance and starts nothing; that is what request_tracker.py beside this file does.
set -eu

stop() { # $1: the one line that says what is wanting
    echo "Request Tracker: $1" >&2
    exit 1
}

packages='request-tracker5 rt5-db-sqlite rt5-db-postgresql rt5-standalone'

is_here() {
    [ -x /usr/share/request-tracker5/libexec/rt-server ] && dpkg-query -W $packages >/dev/null 2>&1
}

if is_here; then exit 0; fi
command -v apt-get >/dev/null || stop 'it is installed by apt-get, which is not here; it takes a Debian 12'
[ "$(id -u)" -eq 0 ] || stop 'it is not installed yet, and only root can; run the tests as root once'

# One at a time: several processes of the tests find it missing at once.
exec 9>/var/lock/numberone-tests
flock 9
if is_here; then exit 0; fi

# Nothing that is installed may start by itself; what forbids it already is left as it is.
guard=/usr/sbin/policy-rc.d
if [ ! -e "$guard" ]; then
    trap 'rm -f "$guard"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$guard"
    chmod +x "$guard"
fi

export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-cache show request-tracker5 >/dev/null 2>&1 ||
    stop 'apt-get knows no request-tracker5; it takes a Debian 12'
debconf-set-selections <<'ANSWERS'
request-tracker5 request-tracker5/dbconfig-install boolean false
request-tracker5 request-tracker5/install-cronjobs boolean false
request-tracker5 request-tracker5/handle-siteconfig-permissions boolean false
ANSWERS

# What answers for a mail server and for a database is chosen small where there is none yet, as apt
# would bring whole ones.
provided() { dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' | grep -q "^installed .*\b$1\b"; }
provided mail-transport-agent || packages="$packages msmtp-mta"
provided dbconfig-common || packages="$packages dbconfig-no-thanks"
apt-get install -q -y --no-install-recommends $packages
