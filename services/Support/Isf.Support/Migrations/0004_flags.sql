-- What the checks on arrival found: something to ask about a visit or a few. Found again, it stays as it is; found no longer
-- after a correction, it is gone, and stays to be seen. visits names all that show it, the one that it is about first.
create table care_flag (
  holder_id text not null,
  flag_id uuid not null,
  kind text not null,
  fund_id text not null,
  worker_id text,
  care_on date not null,
  visits text[] not null,
  evidence text not null,
  state text not null default 'open' check (state in ('open', 'gone', 'resolved')),
  found_at timestamptz not null,
  resolution_code text,
  resolution_note text,
  resolved_by text,
  resolved_at timestamptz,
  primary key (holder_id, flag_id));
create index care_flag_visits on care_flag using gin (visits);
create index care_flag_fund on care_flag (holder_id, fund_id, care_on);
select tenant_table('care_flag', 'select, insert, update');

-- A worker's visits by time.
create index visit_worker on visit (holder_id, worker_id, start_at) where worker_id is not null;

-- What was planned and given of every line's week in a range of days: of one fund, or of all. A visit's week is that of the
-- day of care.
create function line_weeks(the_holder text, first_day date, last_day date, the_fund text default null)
returns table (fund_id text, line_id text, week_from date, planned bigint, answered bigint, extra bigint, charged bigint,
  person bigint, visits bigint) language sql stable as $$
  select s.fund_id, s.line_id, s.week_from, sum(s.planned)::bigint, sum(s.answered)::bigint, sum(s.extra)::bigint,
    sum(s.charged)::bigint, sum(s.person)::bigint, sum(s.visits)::bigint
  from (
    select d.fund_id, l.line_id, date_trunc('week', d.on_day)::date as week_from, l.minutes as planned, 0 as answered,
      0 as extra, 0 as charged, 0 as person, 0 as visits
    from planned_day d, unnest(d.lines, d.minutes) l(line_id, minutes)
    where d.holder_id = the_holder and d.on_day between first_day and last_day
      and (the_fund is null or d.fund_id = the_fund)
    union all
    select v.fund_id, v.line_id, date_trunc('week', v.care_on)::date, 0, sum(v.answers_minutes), sum(v.extra_minutes),
      sum(v.charged_minutes), sum((v.answers_minutes + v.extra_minutes) / v.carers),
      count(*) filter (where v.outcome = 'delivered')
    from visit v
    where v.holder_id = the_holder and v.care_on between first_day and last_day
      and (the_fund is null or v.fund_id = the_fund)
    group by 1, 2, 3) s
  group by 1, 2, 3
$$;

-- Where a visit was given, and how its start and end were recorded.
alter table visit add column place text, add column captured text;
alter table visit_trial add column place text, add column captured text;
