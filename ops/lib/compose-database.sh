# shellcheck shell=bash disable=SC2154
# Run once in ops/compose.yaml's container, when its database is made: the platform's owner, who is no superuser, and who
# may come in. The superuser comes in by the container's own socket alone.
psql -X -q -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<SQL
set log_min_error_statement = panic;
create role isf_owner login createrole password '$ISF_PASSWORD_OWNER';
create database isf owner isf_owner;
SQL
printf '%s\n' 'local all postgres peer' 'host all postgres all reject' 'host isf all all scram-sha-256' \
  >"$PGDATA/pg_hba.conf"
