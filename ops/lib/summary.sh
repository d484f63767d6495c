# shellcheck shell=bash disable=SC2034,SC2154
# What ops/run says at its end: the sample's person, the address and the tokens. Sourced, never run.

load_sample() {
  step "loading the sample"
  if ! run_apart "$root/ops/sample/load" "http://127.0.0.1:$port"; then
    die "the sample could not be loaded (see above)." "ops/run --no-sample starts without it; logs are in $logs."
  fi
}

print_summary() {
  # shellcheck source=/dev/null
  . "$root/ops/sample/ids.sh"
  step "ready"
  printf '\nThe platform is at http://127.0.0.1:%s  (its interface: /openapi/v1.json)\n\nTokens:\n' "$port"
  print_token holder-admin --holder "$SAMPLE_HOLDER"
  print_token holder-finance --holder "$SAMPLE_HOLDER"
  print_token holder-care --holder "$SAMPLE_HOLDER"
  print_token person --holder "$SAMPLE_HOLDER" --person "$SAMPLE_PERSON"
  print_token supporter --holder "$SAMPLE_HOLDER" --user "$SAMPLE_SUPPORTER"
  print_token council --council "$SAMPLE_COUNCIL"
  print_token auditor --holder "$SAMPLE_HOLDER"
  printf '\nTry:  curl -H "Authorization: Bearer TOKEN" http://127.0.0.1:%s/v1/funds\n' "$port"
}

print_token() {
  local role=$1 token
  shift
  token=$("$root/ops/token" --role "$role" "$@") || die "no token could be made for $role."
  printf '  %-15s %s\n' "$role" "$token"
}
