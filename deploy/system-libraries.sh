#!/bin/sh
# Make sure that the system libraries are there: as root install them, otherwise print the one line to run.
# Usage: deploy/system-libraries.sh run|test
set -eu
packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation"
if [ "${1:-run}" = test ]; then
    packages="$packages poppler-utils zbar-tools gettext chromium libreoffice-calc-nogui"
fi
command -v dpkg-query >/dev/null 2>&1 || exit 0
missing=""
for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "Pustaka sistem belum lengkap. Jalankan baris ini sekali, lalu ulangi:" >&2
    echo "  sudo apt-get install -y --no-install-recommends$missing" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
