-- Schedules are a holder's own: what each holder has set for itself, who changed what, and how runs went. What the
-- installation has set stays in schedules.
alter table schedules add column version int not null default 1;

create table holder_schedules (
  holder_id text not null,
  schedule text not null,
  cron text not null,
  zone text not null,
  enabled boolean not null,
  primary key (holder_id, schedule));
select tenant_table('holder_schedules');
create policy placed_together on holder_schedules for select using (current_setting('isf.holder', true) = '*');

-- The versions of a setting are its changes, counted also over those that took it back. Holder '*' is the installation.
create table schedule_changes (
  holder_id text not null,
  schedule text not null,
  version int not null,
  changed_by text not null,
  changed_at timestamptz not null,
  was jsonb not null,
  became jsonb not null,
  primary key (holder_id, schedule, version));
select tenant_table('schedule_changes', 'select, insert');

-- A run's night is a day: of one that was asked for by hand, the day of asking. When it began and ended is noted by whoever
-- makes it; of runs before this file nobody did.
alter table schedule_runs
  add column night date,
  add column requested_by text,
  add column message_id uuid,
  add column started_at timestamptz,
  add column ended_at timestamptz,
  add column checked bigint,
  add column differences bigint;
update schedule_runs set night = case
  when asked_by ~ '^\d{4}-\d\d-\d\d$' then asked_by::date
  when asked_by ~ '^\d{4}-\d\d-\d\dT\d\dZ$'
    then ((left(asked_by, 13) || ':00Z')::timestamptz at time zone 'Europe/London')::date
  else (asked_at at time zone 'Europe/London')::date end;
create index schedule_runs_asked on schedule_runs (holder_id, schedule, asked_at);
do $$ begin
  execute format('grant update on schedule_runs to %I', 'isf_' || current_schema());
end $$;
