# shellcheck shell=bash disable=SC2034,SC2154
# What the commands need from the machine. Sourced, never run; $root is the repository.

# Installs the Debian packages named, where they are missing.
need_packages() {
  local package missing=() right=()
  for package in "$@"; do package_is_there "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    die "these programs are missing: ${missing[*]}." "Install them (the names are Debian's packages) and try again."
  fi
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null || ! { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
      die "these Debian packages are missing and $(id -un) has no right to install them: ${missing[*]}." \
        "Ask an administrator for:  apt-get install --no-install-recommends ${missing[*]}"
    fi
    right=(sudo)
  fi
  step "installing ${missing[*]}"
  "${right[@]}" bash "$root/ops/lib/install-packages" "${missing[@]}" || exit 1
}

package_is_there() {
  case $1 in
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null || command -v pg_ctl >/dev/null ;;
    rabbitmq-server) [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] ;;
    nginx) [ -x /usr/sbin/nginx ] ;;
    beancount) command -v bean-check >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

need_dotnet() {
  if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
    die "the .NET 10 SDK is not installed, or 'dotnet' is not on the PATH." \
      "How to install it on Debian: https://learn.microsoft.com/dotnet/core/install/linux-debian"
  fi
  export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
}

# Builds a solution or project of the repository. No compiler or build server is left running afterwards.
build() {
  local log=$2
  need_disk_space "$root" 1500
  step "building (Release); the first time this takes some minutes"
  if ! apart_log=$log run_apart dotnet build "$root/$1" -c Release -v q --nologo -nodeReuse:false \
    -p:UseSharedCompilation=false; then
    grep -E 'error|warning' "$log" | sort -u | head -n 60 >&2 || tail -n 40 "$log" >&2
    if grep -q 'No space left on device' "$log"; then die "the disk is full; free some space and try again."; fi
    die "the build failed (see above)."
  fi
}
