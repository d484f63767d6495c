# shellcheck shell=bash disable=SC2034,SC2154
# Runs a command of the host about messages on the platform's database: ISF_DATABASE, or ops/run's private one.
# Sourced after secrets.sh and database.sh, never run.

on_messages() {
  local host=$root/services/Host/Isf.Host/bin/Release/net10.0/Isf.Host.dll
  [ -e "$host" ] || die "the platform is not built; run ops/run first."
  if [ -z "${ISF_DATABASE:-}" ]; then
    name_database "$(realpath -m -- "${ISF_HOME:-$root}")"
    ISF_DATABASE=$(private_database services)
  fi
  export ISF_DATABASE
  DOTNET_NOLOGO=1 exec dotnet "$host" "$@"
}
