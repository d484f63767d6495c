-- Days of a worker, or of a fund, on which so much care was given that no visit is looked at beside the others
-- (CrowdedDays). Whether a day is one, and its first visits, are found by looking at so many rows and no more.
drop index visit_worker;
create index visit_worker on visit (holder_id, worker_id, start_at, visit_id)
  where worker_id is not null and outcome = 'delivered';
create index visit_given on visit (holder_id, fund_id, care_on, start_at, visit_id)
  where outcome = 'delivered' and end_at is not null;

-- The days that visits were of before they were corrected: such a day may be a crowd no longer. A row goes when the checks
-- have looked at it.
create table visit_left (
  holder_id text not null,
  id bigint generated always as identity,
  fund_id text not null,
  worker_id text,
  care_on date not null,
  primary key (holder_id, id));
select tenant_table('visit_left', 'select, insert, delete');
