#!/bin/bash
# Build step of the redis and valkey images: install.sh redis|valkey ENTRYPOINT
set -eux
kind=$1 entrypoint=$2

# The user comes first, so that Debian's scripts find it and keep uid 999.
groupadd -r -g 999 "$kind"
useradd -r -u 999 -g "$kind" -d /data -s /usr/sbin/nologin "$kind"
export DEBIAN_FRONTEND=noninteractive
apt-get -o APT::Sandbox::User=root install -y --no-install-recommends "$kind-server" tzdata
if [ "$kind" = valkey ]; then
    for program in server cli benchmark check-aof check-rdb; do ln -sf "valkey-$program" "/usr/bin/redis-$program"; done
fi
rm -rf /var/cache/apt/* /var/log/apt /var/log/dpkg.log "/var/lib/$kind" "/var/log/$kind" "/etc/$kind"
install -d -o "$kind" -g "$kind" /data
install -m 755 "/tmp/$entrypoint" /usr/local/bin/docker-entrypoint.sh
install -m 644 /tmp/serve.sh /usr/local/lib/serve.sh
rm -f /tmp/*.sh
"$kind-server" --version
"$kind-cli" --version
