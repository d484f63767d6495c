-- Messages that fail (decision 0015). A message that a consumer cannot take, and one that cannot be published, waits in
-- parked with its error; after the last try it is failed, and waits there for somebody's decision. The floor's later
-- files have a numbering of their own: see Migrations.cs.

-- What waits for nothing but its next try needs no key. Queue 'outbox' is where a message waits to be published.
alter table parked
  alter column needs drop not null,
  add column faults int not null default 0,
  add column last_error text,
  add column error_type text,
  add column failed_at timestamptz,
  add column discarded_at timestamptz;

-- What somebody decided about a message: to try it again, or to set it aside for good. Never changed, never removed.
create table message_decisions (
  id bigint generated always as identity primary key,
  queue text not null,
  message_id uuid not null,
  holder_id text not null,
  urn text not null,
  fact uuid not null,
  decided text not null check (decided in ('retry', 'discard')),
  why text not null,
  decided_by text not null,
  decided_at timestamptz not null default clock_timestamp());
alter table message_decisions enable row level security;
create policy by_holder on message_decisions
  using (current_setting('isf.holder', true) in (holder_id, '*'));
do $$ begin
  execute format('grant select, insert on message_decisions to %I', 'isf_' || current_schema());
end $$;
