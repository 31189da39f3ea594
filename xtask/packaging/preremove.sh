#!/bin/sh
# Before a removal, not before an upgrade. To stop stardeck-databases.service would stop every database, so it is only
# disabled.
set -e
case "$1" in
    upgrade|1) exit 0 ;;
esac
if [ -d /run/systemd/system ]; then
    systemctl --no-reload disable stardeck.service stardeck-databases.service
    systemctl stop stardeck.service
fi
