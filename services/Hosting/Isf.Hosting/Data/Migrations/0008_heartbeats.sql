-- When each service of the installation last said that it runs and can write. One table for the services of a database,
-- so that a process that runs several of them writes once for all; it lies beside the migrations, in nobody's schema, and
-- holds nothing but the services' names (decision 0026). A fresh row is written beside the old one on its own page.
create table if not exists isf.heartbeats (
  service text primary key,
  heartbeat_at timestamptz not null) with (fillfactor = 50);
do $$ begin
  execute format('grant usage on schema isf to %I', 'isf_' || current_schema());
  execute format('grant select, insert, update on isf.heartbeats to %I', 'isf_' || current_schema());
end $$;
