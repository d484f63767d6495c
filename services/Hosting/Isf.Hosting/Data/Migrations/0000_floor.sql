-- The floor of every service's schema: what was said, what was heard, what waits, and how tables are made.
-- Run by the owner with search_path set to the service's schema. The service's role is isf_{schema} and owns nothing.

create function tenant_table(name text, may text default 'select, insert, update, delete') returns void language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('create policy by_holder on %I using (holder_id = current_setting(''isf.holder'', true))', name);
  execute format('grant %s on %I to %I', may, name, 'isf_' || current_schema());
end $$;

-- A document's table in Marten's layout: see decision 0001.
create function make_document(alias text) returns void language plpgsql as $$
declare name text := 'mt_doc_' || alias;
begin
  execute format('create table %I (
    tenant_id varchar not null default ''*DEFAULT*'', id varchar not null, data jsonb not null,
    mt_last_modified timestamptz default transaction_timestamp(), mt_dotnet_type varchar,
    mt_version bigint not null default 0, constraint %I primary key (tenant_id, id))', name, 'pkey_' || name || '_tenant_id_id');
  execute format('alter table %I enable row level security', name);
  execute format('create policy by_holder on %I using (tenant_id = current_setting(''isf.holder'', true))', name);
  execute format('grant select, insert, update, delete on %I to %I', name, 'isf_' || current_schema());
end $$;

create table outbox (
  seq bigint generated always as identity primary key,
  message_id uuid not null unique,
  holder_id text not null,
  urn text not null,
  fact uuid not null,
  funds text[] not null,
  traceparent text,
  body bytea not null,
  said_at timestamptz not null default clock_timestamp(),
  confirmed_at timestamptz,
  said_again int not null default 0);
create index outbox_unsaid on outbox (seq) where confirmed_at is null;
create index outbox_fact on outbox (fact);

create table parked (
  queue text not null,
  message_id uuid not null,
  holder_id text not null,
  urn text not null,
  fact uuid not null,
  funds text[] not null,
  needs text not null,
  traceparent text,
  body bytea not null,
  tries int not null default 0,
  parked_at timestamptz not null default clock_timestamp(),
  retry_at timestamptz not null,
  primary key (queue, message_id));
create index parked_needs on parked (holder_id, needs);
create index parked_due on parked (retry_at);

-- Messages repeat themselves: the quick compression makes them small, the old one would take longer than all the rest.
do $$ begin
  alter table outbox alter column body set compression lz4;
  alter table parked alter column body set compression lz4;
exception when feature_not_supported then
  alter table outbox alter column body set storage external;
  alter table parked alter column body set storage external;
end $$;

-- Which messages each consumer has heard. No tenant's words: ids alone.
create table inbox (
  queue text not null,
  message_id uuid not null,
  heard_at timestamptz not null default clock_timestamp(),
  primary key (queue, message_id));
create index inbox_heard on inbox using brin (heard_at);

-- The holders that scheduled runs are made for: ids alone.
create table holders (holder_id text primary key);

-- What a schedule was set to, where somebody changed it; and which runs were asked for, each once.
create table schedules (schedule text primary key, cron text not null, zone text not null, enabled boolean not null);
create table schedule_runs (
  holder_id text not null,
  schedule text not null,
  asked_by text not null,
  up_to date not null,
  asked_at timestamptz not null default clock_timestamp(),
  primary key (holder_id, schedule, asked_by));
select tenant_table('schedule_runs', 'select, insert');

-- The relay carries every holder's messages: it asks for holder '*', which no token can.
do $$
declare name text;
begin
  foreach name in array array['outbox', 'parked'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy by_holder on %I using (current_setting(''isf.holder'', true) in (holder_id, ''*''))', name);
    execute format('grant select, insert, update, delete on %I to %I', name, 'isf_' || current_schema());
  end loop;
  execute format('grant select, insert, delete on inbox to %I', 'isf_' || current_schema());
  execute format('grant select, insert on holders to %I', 'isf_' || current_schema());
  execute format('grant select, insert, update on schedules to %I', 'isf_' || current_schema());
end $$;
