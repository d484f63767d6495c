# shellcheck shell=bash disable=SC2034,SC2154
# Free ports on 127.0.0.1. Sourced, never run.

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range from which the system takes ports for outgoing connections, so that none of those is in the way.
free_port() {
  local port tries
  for tries in $(seq 1 200); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    if ! port_is_open "$port"; then
      printf '%s\n' "$port"
      return 0
    fi
  done
  die "no free port was found on 127.0.0.1 after $tries tries."
}

# Puts a free port into a file that is there whole or not at all.
take_port() { free_port >"$1.new" && mv -f "$1.new" "$1"; }
