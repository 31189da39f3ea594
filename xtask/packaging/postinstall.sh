#!/bin/sh
# After an installation or an upgrade. The databases run on while the server is restarted; nothing is enabled here: that is for
# whoever installs it to say.
set -e
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl try-restart stardeck.service
fi
