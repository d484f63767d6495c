# shellcheck shell=bash disable=SC2034,SC2154
# How the commands under ops/ speak: progress and refusals on stderr, answers on stdout. Sourced, never run.

say() { printf '%s\n' "$*" >&2; }

# Progress, with the seconds since the command began.
step() { printf '[%3ds] %s\n' "$SECONDS" "$*" >&2; }

die() {
  printf 'Stopped: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

# The end of a log, indented, so that a plain message can carry its evidence.
show_tail() {
  [ -s "$1" ] || return 0
  say "  the end of $1:"
  tail -n "${2:-15}" -- "$1" | sed 's/^/    /' >&2
}

# Refuses to begin when the folder's disk is nearly full: a server that meets a full disk half-way leaves a mess.
need_disk_space() {
  local folder=$1 megabytes=$2 free
  while [ ! -e "$folder" ]; do folder=$(dirname "$folder"); done
  free=$(df -Pm -- "$folder" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$megabytes" ] ||
    die "the disk that holds $folder has only $free MB free; $megabytes MB are needed." \
      "Free some space and try again."
}
