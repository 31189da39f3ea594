# Run by bash as the first process of new mount, network, process, ipc and uts namespaces:
# $1 is the suite's root, which stays as it is; $2 the work directory; $3 the checkout; $4 the registry's program and
# $5 its content; $6 the additional store of images; $7 the id of the user whose Podman it is, 0 for root.
set -eu
pristine=$1 work=$2 checkout=$3 registry=$4 content=$5 images=$6 user=$7
root=$work/merged

# What a run changes lies in its work directory. The container runtime needs `/` to be a mount point, which this is.
mount -t overlay overlay -o "lowerdir=$pristine,upperdir=$work/upper,workdir=$work/overlay" "$root"
# Containers are overlays themselves, which can not lie on one.
storage=/var/lib/containers
[ "$user" = 0 ] || storage=/home/matrix/.local/share/containers
mkdir -p "$root$storage" "$root$work" "$root$checkout" "$root/opt/registry" "$root/srv/registry" "$root/srv/images" "$root/.old"
mount --bind "$work/containers" "$root$storage"
mount --bind "$work" "$root$work"
bind_readonly() {
    mount --bind "$1" "$2"
    mount -o remount,bind,ro "$2"
}
# At the path it was compiled at, by which tests find their files.
bind_readonly "$checkout" "$root$checkout"
bind_readonly "$registry" "$root/opt/registry"
bind_readonly "$content" "$root/srv/registry"
bind_readonly "$images" "$root/srv/images"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
# Shared memory of its own: Podman keeps its locks there, and must not share them with the host's.
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t tmpfs tmpfs "$root/run"
mount -t proc proc "$root/proc"
hostname "$(basename "$pristine")"
cd "$root"
pivot_root . .old
umount -l /.old
rmdir /.old
cd /

ip link set lo up
# Without udev a bridge's hardware address changes with its ports; the neighbours have to hear of it.
echo 1 >/proc/sys/net/ipv4/conf/all/arp_notify
"/opt/registry/usr/bin/docker-registry" serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
export HOME=/root PODMAN_IGNORE_CGROUPSV1_WARNING=1
become=()
if [ "$user" != 0 ]; then
    export HOME=/home/matrix XDG_RUNTIME_DIR=/run/user/$user
    echo "matrix:x:$user:$user::$HOME:/bin/bash" >>/etc/passwd
    echo "matrix:x:$user:" >>/etc/group
    echo "matrix:100000:65536" | tee /etc/subuid >/etc/subgid
    mkdir -p "$XDG_RUNTIME_DIR" /tmp
    chmod 700 "$XDG_RUNTIME_DIR"
    chown "$user:$user" "$work" "$XDG_RUNTIME_DIR"
    chown -R "$user:$user" "$HOME"
    # Its network program opens this device, which hosts without udev keep to root.
    mknod "$work/tun" c 10 200
    chmod 666 "$work/tun"
    mount --bind "$work/tun" /dev/net/tun
    # It also wants a way out to take as its model; there is none that leads anywhere.
    ip link add outside type veth peer name beyond
    ip link set beyond up
    ip address add 192.0.2.2/24 dev outside
    ip link set outside up
    ip route add default via 192.0.2.1
    # Podman wants to pass on to containers what is mounted here.
    mount --make-rshared /
    become=(setpriv --reuid "$user" --regid "$user" --clear-groups)
fi
# The first process has to bury the orphans, which Podman does not.
exec catatonit -- "${become[@]}" podman system service --time 0 "unix://$work/podman.sock"
