#!/bin/sh
# The kit's command on an installed machine: the folders are those of its units, unless they are named.
export RUNTIME_DIRECTORY="${RUNTIME_DIRECTORY:-/run/vybor}"
export STATE_DIRECTORY="${STATE_DIRECTORY:-/var/lib/vybor}"
export CONFIGURATION_DIRECTORY="${CONFIGURATION_DIRECTORY:-/etc/vybor}"
export VYBOR_SHARE="${VYBOR_SHARE:-/usr/share/vybor}"
exec /usr/lib/vybor/bin/vybor "$@"
