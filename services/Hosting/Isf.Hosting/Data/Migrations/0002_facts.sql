-- The facts whose ids callers were told (Isf-Fact): one row for each request or run that said something, kept for longer
-- than the 90 days that api.md promises. What is still on its way from before this file is known as well.
create table facts (
  holder_id text not null,
  fact uuid not null,
  said_at timestamptz not null default clock_timestamp(),
  primary key (holder_id, fact));
create index facts_said on facts using brin (said_at);
insert into facts (holder_id, fact)
  select holder_id, fact from outbox union select holder_id, fact from parked;
alter table facts enable row level security;
create policy by_holder on facts using (current_setting('isf.holder', true) in (holder_id, '*'));
do $$ begin
  execute format('grant select, insert, delete on facts to %I', 'isf_' || current_schema());
end $$;
