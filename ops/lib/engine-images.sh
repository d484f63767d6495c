# shellcheck shell=bash disable=SC2154
# The images of ops/lib/engine: a small Debian with both servers in it, and one image of each over that. Uses $dir,
# $here and $podman. Sourced, never run.

make_images() {
  "${podman[@]}" image exists localhost/isf-servers || make_base
  local kind
  for kind in postgres rabbitmq; do
    "${podman[@]}" build -q --isolation chroot -t "localhost/isf-$kind" -f "$here/images/$kind.Containerfile" \
      "$here/images" >"$dir/build.log" 2>&1 9>&- || images_failed "$dir/build.log" "the image of $kind could not be built."
  done
}

make_base() {
  local codename mirror
  codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
  mirror=$(mirror_of "$codename")
  [ -n "$mirror" ] || die "no package source of this machine is a mirror of Debian."
  need_disk_space "$dir" 3000
  say "  making images from $mirror; this is done once and takes some minutes"
  rm -rf --one-file-system -- "$dir/rootfs"
  http_proxy=${http_proxy:-$(apt_proxy)} debootstrap --variant=minbase --include=postgresql,rabbitmq-server \
    "$codename" "$dir/rootfs" "$mirror" >"$dir/debootstrap.log" 2>&1 </dev/null 9>&- ||
    images_failed "$dir/debootstrap.log" "debootstrap could not unpack PostgreSQL and RabbitMQ."
  # The package's file would name another node; the package's cluster is nobody's.
  rm -rf -- "$dir/rootfs/etc/rabbitmq/rabbitmq-env.conf" "$dir"/rootfs/{var/lib,etc}/postgresql/* \
    "$dir"/rootfs/var/{cache/apt,lib/apt/lists}
  tar -C "$dir/rootfs" --exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale -c . |
    "${podman[@]}" import - localhost/isf-servers >"$dir/import.log" 2>&1 9>&- ||
    images_failed "$dir/import.log" "podman could not take the base image."
  undo_mounts
  rm -rf --one-file-system -- "$dir/rootfs"
}

# Where apt gets the distribution from: no other source is asked.
mirror_of() { apt-cache policy base-files | sed -n "s| *[0-9]* \(http[^ ]*\) $1/main .*|\1|p" | head -n 1; }

apt_proxy() {
  local proxy=
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  printf '%s\n' "$proxy"
}

# A machine may let images be made and no container be started.
try_image() {
  "${podman[@]}" run --rm --publish 127.0.0.1::5432 localhost/isf-postgres true >"$dir/try.log" 2>&1 </dev/null 9>&- ||
    images_failed "$dir/try.log" "this machine lets no container start."
}

images_failed() {
  show_tail "$1" 5
  if grep -q 'No space left on device' "$1"; then die "the disk is full; free some space and try again."; fi
  die "$2"
}
