#!/bin/sh
# After a removal. /var/lib/stardeck stays, also when the configuration is purged: it holds the only key to the passwords of
# databases that still run.
set -e
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
fi
