# Run by bash as the first process of new mount, process, ipc and uts namespaces:
# $1 is the root, $2 the folder to work in, the rest is the command.
set -eu
root=$1 folder=$2
shift 2

# The container runtime needs `/` to be a mount point, hence the bind of the root onto itself and pivot_root.
mount --bind "$root" "$root"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
# Shared memory of its own: Podman keeps its locks there, and must not share them with the host's.
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t tmpfs tmpfs "$root/run"
mount -t proc proc "$root/proc"
mount --bind "$(readlink -f "$root/../given/rust")" "$root/opt/rust"
mount -o remount,bind,ro "$root/opt/rust"
hostname fresh
mkdir -p "$root/.old"
cd "$root"
pivot_root . .old
umount -l /.old
rmdir /.old
cd "$folder"

# The network is the host's: containers that stay would leave bridges and port rules behind.
leave() {
    if command -v podman >/dev/null; then podman rm --all --force --time 0 >/dev/null 2>&1 || true; fi
}
trap leave EXIT
# A Ctrl-C reaches the command too; this shell waits for it and then leaves in order.
trap : INT TERM
"$@"
