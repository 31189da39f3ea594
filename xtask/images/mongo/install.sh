#!/bin/bash
# Build step of the mongo images.
set -eux

groupadd -r -g 999 mongodb
useradd -r -u 999 -g mongodb -d /data/db mongodb
export DEBIAN_FRONTEND=noninteractive
apt-get -o APT::Sandbox::User=root install -y --no-install-recommends \
    libcurl4t64 libssl3t64 liblzma5 ca-certificates jq numactl procps tzdata nodejs

install -m 755 "$(find /kit -path '*/bin/mongod' -print -quit)" /usr/bin/mongod

# Type declarations, source maps and texts are not needed to run it.
mkdir /opt/mongosh
tar -C /npm --exclude='*.map' --exclude='*.ts' --exclude='*.cts' --exclude='*.mts' --exclude='*.md' \
    --exclude='node_modules/typescript' --exclude='node_modules/.cache' -cf - node_modules | tar -C /opt/mongosh --no-same-owner -xf -
printf '#!/bin/sh\nexec node /opt/mongosh/node_modules/mongosh/bin/mongosh.js "$@"\n' >/usr/bin/mongosh
chmod 755 /usr/bin/mongosh

rm -rf /var/cache/apt/* /var/log/apt /var/log/dpkg.log
install -d -o mongodb -g mongodb /data/db /data/configdb
mkdir /docker-entrypoint-initdb.d
install -m 755 /tmp/entrypoint.sh /usr/local/bin/docker-entrypoint.sh
rm -f /tmp/*.sh
mongod --version
HOME=/tmp mongosh --version
rm -rf /tmp/.mongodb
