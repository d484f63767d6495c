# shellcheck shell=bash disable=SC2034,SC2154
# Runs a command of the host about messages on the platform's database: ISF_DATABASE, or ops/run's private one.
# Sourced, never run.

on_messages() {
  local host=$root/services/Host/Isf.Host/bin/Release/net10.0/Isf.Host.dll
  local port=${ISF_HOME:-$root}/.isf/postgres/port
  [ -e "$host" ] || die "the platform is not built; run ops/run first."
  if [ -z "${ISF_DATABASE:-}" ]; then
    [ -s "$port" ] || die "there is no private database here." "Start it with ops/run, or name yours in ISF_DATABASE."
    ISF_DATABASE="Host=127.0.0.1;Port=$(cat "$port");Database=isf;Username=isf_owner"
  fi
  export ISF_DATABASE
  DOTNET_NOLOGO=1 exec dotnet "$host" "$@"
}
