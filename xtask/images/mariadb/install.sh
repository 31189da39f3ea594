#!/bin/bash
# Build step of the mariadb images. Without the package mariadb-server: its scripts create a database, and its
# configuration binds to 127.0.0.1, neither of which an image must have.
set -eux

# The user comes first, so that Debian's scripts find it and keep uid 999.
groupadd -r -g 999 mysql
useradd -r -u 999 -g mysql -d /home/mysql -m mysql
export DEBIAN_FRONTEND=noninteractive
apt-get -o APT::Sandbox::User=root install -y --no-install-recommends \
    mariadb-server-core mariadb-client mariadb-backup tzdata xz-utils zstd

# As in the official images the old program names (mysql, mysqldump) exist up to 10 only, and what a user puts into
# /etc/mysql/conf.d comes last and wins.
case $MARIADB_VERSION in 1:10.*) ;; *) find /usr/bin -name 'mysql*' -delete ;; esac
sed -i '/^!includedir/d' /etc/mysql/mariadb.cnf
printf '!includedir %s\n' /etc/mysql/mariadb.conf.d/ /etc/mysql/conf.d/ >>/etc/mysql/mariadb.cnf
install -m 644 /tmp/image.cnf /etc/mysql/mariadb.conf.d/05-image.cnf

rm -rf /var/cache/apt/* /var/log/apt /var/log/dpkg.log /var/lib/mysql
install -d -o mysql -g mysql -m 0777 /run/mysqld
install -d -o mysql -g mysql -m 0755 /var/lib/mysql
mkdir -p /docker-entrypoint-initdb.d /etc/mysql/conf.d
install -m 755 /tmp/entrypoint.sh /usr/local/bin/docker-entrypoint.sh
install -m 755 /tmp/healthcheck.sh /usr/local/bin/healthcheck.sh
rm -f /tmp/*.sh /tmp/*.cnf
mariadbd --version
mariadb-dump --version
