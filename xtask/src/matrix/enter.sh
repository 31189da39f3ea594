# Run by bash as the first process of new mount, network, process, ipc and uts namespaces:
# $1 is the suite's root, which stays as it is; $2 the work directory; $3 the checkout; $4 the registry's program and
# $5 its content.
set -eu
pristine=$1 work=$2 checkout=$3 registry=$4 content=$5
root=$work/merged

# What a run changes lies in its work directory. The container runtime needs `/` to be a mount point, which this is.
mount -t overlay overlay -o "lowerdir=$pristine,upperdir=$work/upper,workdir=$work/overlay" "$root"
# Containers are overlays themselves, which can not lie on one.
mkdir -p "$root/var/lib/containers" "$root$work" "$root$checkout" "$root/opt/registry" "$root/srv/registry" "$root/.old"
mount --bind "$work/containers" "$root/var/lib/containers"
mount --bind "$work" "$root$work"
bind_readonly() {
    mount --bind "$1" "$2"
    mount -o remount,bind,ro "$2"
}
# At the path it was compiled at, by which tests find their files.
bind_readonly "$checkout" "$root$checkout"
bind_readonly "$registry" "$root/opt/registry"
bind_readonly "$content" "$root/srv/registry"
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
# The first process has to bury the orphans, which Podman does not.
exec catatonit -- podman system service --time 0 "unix://$work/podman.sock"
