#!/bin/bash
# Build step of the mysql images. Without the package mysql-server: its scripts create a database, and its
# configuration sets an address to bind to.
set -eux

groupadd -r -g 999 mysql
useradd -r -u 999 -g mysql -d /var/lib/mysql -s /bin/false mysql
export DEBIAN_FRONTEND=noninteractive
apt-get -o APT::Sandbox::User=root install -y --no-install-recommends \
    mysql-server-core mysql-client-core tzdata bzip2 xz-utils zstd

rm -rf /var/cache/apt/* /var/log/apt /var/log/dpkg.log /var/lib/mysql
install -m 644 /tmp/my.cnf /etc/my.cnf
install -d -o mysql -g mysql -m 1777 /var/run/mysqld /var/lib/mysql
install -d -o mysql -g mysql -m 0750 /var/lib/mysql-files
mkdir -p /etc/mysql/conf.d /docker-entrypoint-initdb.d
install -m 755 /tmp/entrypoint.sh /usr/local/bin/docker-entrypoint.sh
rm -f /tmp/*.sh /tmp/*.cnf
mysqld --version
mysqldump --version
