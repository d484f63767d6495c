# shellcheck shell=bash disable=SC2034,SC2154
# How ops/run's private database is gone into: each role with a password of its own, kept in PostgreSQL's own form of
# password file (decision 0005). Sourced after secrets.sh, never run.

# Places under the home folder $1. PGPASSWORD would go before the files.
name_database() {
  unset PGPASSWORD
  port_file=$1/.isf/postgres/port
  secrets=$1/.isf/secrets
}

# The owner's file for ops/migrate, one with the roles of all services for a host that runs them all, and one for each
# service with its own role and the one that watches. What is there stays.
make_database_secrets() {
  local service
  [ -s "$secrets/owner.pgpass" ] || database_login owner | write_secret "$secrets/owner.pgpass"
  [ -s "$secrets/services.pgpass" ] ||
    for service in "$@" watch; do database_login "$service"; done | write_secret "$secrets/services.pgpass"
  for service in "$@"; do
    grep -E ":isf_($service|watch):" "$secrets/services.pgpass" | write_secret "$secrets/$service.pgpass"
  done
}

database_login() { printf '127.0.0.1:*:isf:isf_%s:%s\n' "$1" "$(new_secret)"; }

password_in() { sed -n '1s/.*://p' "$1"; }

# The connection string of the private database with the passwords in a file of $secrets.
private_database() {
  [ -s "$port_file" ] || die "there is no private database here." "Start it with ops/run, or name yours in ISF_DATABASE."
  printf 'Host=127.0.0.1;Port=%s;Database=isf;Passfile="%s"\n' "$(cat "$port_file")" "${secrets//\"/\"\"}/$1.pgpass"
}
