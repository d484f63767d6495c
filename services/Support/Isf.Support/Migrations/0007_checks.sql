-- What a holder takes as usual, from where on the checks ask.
select make_document('checkterms');

-- A worker's stays of more than 25 hours, which may go on while somebody else is visited.
create index visit_worker_stay on visit (holder_id, worker_id, start_at)
  where worker_id is not null and extract(epoch from end_at - start_at) > 90000;

-- Which flags name a visit, or once did. Row security lets only operators that cannot leak go to an index: equality of
-- text does, overlap of arrays does not.
create table care_flag_visit (
  holder_id text not null,
  visit_id text not null,
  flag_id uuid not null,
  primary key (holder_id, visit_id, flag_id));
select tenant_table('care_flag_visit', 'select, insert');
insert into care_flag_visit
select holder_id, visit_id, flag_id from care_flag, unnest(visits) visit_id on conflict do nothing;
drop index care_flag_visits;
create index care_flag_worker on care_flag (holder_id, worker_id, care_on) where worker_id is not null;

-- The person's own minutes of a visit, where others of its group gave some of the same.
alter table visit add column person_minutes bigint;
alter table visit_trial add column person_minutes bigint;
create index visit_group on visit (holder_id, fund_id, visit_group) where visit_group is not null;

-- What was planned and given of every line's week in a range of days, of the funds from one id to another: a holder has
-- many, and a page of them is worked out by itself.
drop function line_weeks(text, date, date, text);
create function line_weeks(the_holder text, first_day date, last_day date, first_fund text, last_fund text)
returns table (fund_id text, line_id text, week_from date, planned bigint, answered bigint, extra bigint, charged bigint,
  person bigint, visits bigint) language sql stable as $$
  select s.fund_id, s.line_id, s.week_from, sum(s.planned)::bigint, sum(s.answered)::bigint, sum(s.extra)::bigint,
    sum(s.charged)::bigint, sum(s.person)::bigint, sum(s.visits)::bigint
  from (
    select d.fund_id, l.line_id, date_trunc('week', d.on_day)::date as week_from, l.minutes as planned, 0 as answered,
      0 as extra, 0 as charged, 0 as person, 0 as visits
    from planned_day d, unnest(d.lines, d.minutes) l(line_id, minutes)
    where d.holder_id = the_holder and d.on_day between first_day and last_day
      and d.fund_id between first_fund and last_fund
    union all
    select v.fund_id, v.line_id, date_trunc('week', v.care_on)::date, 0, sum(v.answers_minutes), sum(v.extra_minutes),
      sum(v.charged_minutes), sum(coalesce(v.person_minutes, (v.answers_minutes + v.extra_minutes) / v.carers)),
      count(*) filter (where v.outcome = 'delivered')
    from visit v
    where v.holder_id = the_holder and v.care_on between first_day and last_day
      and v.fund_id between first_fund and last_fund
    group by 1, 2, 3) s
  group by 1, 2, 3
$$;

-- A closed fund plans nothing beyond its last day.
update planned_day d set lines = '{}', minutes = '{}' from mt_doc_fund f
where f.tenant_id = d.holder_id and f.id = d.fund_id and d.on_day > (f.data -> 'end' ->> 'on')::date;
