# shellcheck shell=bash disable=SC2034,SC2154
# The folder of one private server: DIR/isf-private-server marks it as ours (so that nothing else is ever deleted),
# DIR/place is what the server itself owns, DIR/port is remembered. Uses $kind and $dir. Sourced, never run.

need_folder() {
  is_ours || die "$dir holds no private $kind server."
}

# Before anything is made, and before any clean-up is armed: DIR is ours, or is not there, or is empty.
refuse_foreign_folder() {
  [ -e "$dir" ] || return 0
  [ -d "$dir" ] || die "$dir exists and is not a folder; name another."
  is_ours && return 0
  [ -z "$(ls -A "$dir")" ] || die "$dir exists and is not a private $kind server's folder; name another."
}

is_ours() { [ "$(cat "$dir/isf-private-server" 2>/dev/null)" = "$kind" ]; }

# One start, stop or kill at a time in a folder; the lock is the folder's own, so no file is left.
with_folder_lock() {
  exec 9<"$dir"
  flock -w 120 9 || die "another command has been busy with $dir for two minutes."
  "$@"
  exec 9<&-
}

# Put before a command it runs as the server's user by exec, without a process in between: its pid is the server's.
as_server=()
if [ "$(id -u)" = 0 ]; then as_server=(setpriv --reuid "$kind" --regid "$kind" --init-groups --); fi

# Puts what it reads into a file that the server's user alone can read.
write_for_server() {
  "${as_server[@]}" rm -f "$1"
  (umask 077 && "${as_server[@]}" tee "$1" >/dev/null) || die "cannot write $1."
}

# Makes DIR and a place that the server's user owns. When root keeps the repository where that user may not enter
# (under /root, say), the place is made under /var/tmp and DIR/place leads there; `remove` deletes it too. The same goes
# for a place in memory, under /dev/shm.
make_folder() {
  mkdir -p "$dir" # again: a `remove` may have held the lock before us
  # Never written anew: a full disk would leave it empty, and the folder nobody's.
  is_ours || printf '%s\n' "$kind" >"$dir/isf-private-server"
  [ -d "$dir/place/." ] && return 0
  rm -f "$dir/place"
  [ "$(id -u)" != 0 ] || id "$kind" >/dev/null 2>&1 || die "the user $kind does not exist; its Debian package makes it."
  if in_memory; then
    place_under /dev/shm
  elif "${as_server[@]}" test -x "$dir"; then
    mkdir -m 700 "$dir/place"
  else
    place_under /var/tmp
    say "The user $kind may not enter $dir, so this server's files are in $(readlink "$dir/place")."
  fi
  [ "$(id -u)" != 0 ] || chown "$kind:$kind" "$(realpath "$dir/place")"
}

# Not where the files could fill /dev/shm, or take the memory that the machine needs.
in_memory() {
  [ "${ISF_SERVER_IN:-disk}" = memory ] && [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] &&
    [ "$(df -Pk /dev/shm | awk 'NR == 2 { print int($4 / 1024) }')" -ge 4000 ] &&
    [ "$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)" -ge 8000 ]
}

place_under() { ln -s "$(mktemp -d "$1/isf-$kind-XXXXXX")" "$dir/place"; }

# Deletes nothing that does not carry our mark, whatever led here.
remove_folder() {
  local place
  is_ours || return 0
  place=$(realpath -m "$dir/place")
  case $place in "$dir/place" | /var/tmp/isf-"$kind"-* | /dev/shm/isf-"$kind"-*) rm -rf -- "$place" ;; esac
  rm -rf -- "$dir"
}

# What a failed first start leaves is removed; a folder that held data before is kept as it is, whatever failed.
undo_start() {
  if [ "${made_now:-false}" = true ]; then remove_folder; fi
  rmdir "$dir" 2>/dev/null || true
}

# STOP or CONT to the server and all its processes; nothing where it does not run.
signal_server() {
  local pid
  pid=$("${kind}_pid")
  [ -n "$pid" ] || return 0
  # First what makes the others: it would make more while they are counted.
  kill "-$1" "$pid" 2>/dev/null || true
  # shellcheck disable=SC2046
  kill "-$1" $(family_of "$pid") 2>/dev/null || true
}
