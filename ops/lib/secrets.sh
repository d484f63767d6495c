# shellcheck shell=bash disable=SC2034,SC2154
# Passwords: made once, kept in files of mode 600 in folders of mode 700, never in a command line or the environment.
# Sourced, never run.

# 256 bits as hexadecimal digits, which mean nothing in a connection string, an address or SQL.
new_secret() { od -An -N 32 -t x1 /dev/urandom | tr -d ' \n'; }

# Puts what it reads into a file that is there whole or not at all, and its owner's alone from the first byte on.
write_secret() {
  local folder
  folder=$(dirname "$1")
  (
    umask 077
    mkdir -p "$folder" && chmod 700 "$folder" && cat >"$1.new" && mv -f "$1.new" "$1"
  )
}

make_secret() { [ -s "$1" ] || new_secret | write_secret "$1"; }
