-- Support: copies of funds and allocations, plans, the days that were said, visits, and the files that brought them.

select make_document('fund');
select make_document('allocation');
select make_document('plan');
select make_document('visitfile');
create index mt_doc_allocation_fund on mt_doc_allocation (tenant_id, (data ->> 'fundId'));
create index mt_doc_plan_fund on mt_doc_plan (tenant_id, (data ->> 'fundId'));

-- What has been said of each fund's each day: planned carer-minutes by line, and how many times it was said.
create table planned_day (
  holder_id text not null,
  fund_id text not null,
  on_day date not null,
  revision int not null,
  lines text[] not null,
  minutes bigint[] not null,
  primary key (holder_id, fund_id, on_day));
select tenant_table('planned_day');

-- Until which day a fund's days have been said.
create table plan_horizon (
  holder_id text not null,
  fund_id text not null,
  planned_to date not null,
  primary key (holder_id, fund_id));
create index plan_horizon_due on plan_horizon (holder_id, planned_to, fund_id);
select tenant_table('plan_horizon');

-- Visits as they now stand. answers_on finds what a planned day (or, for weekly minutes, its Monday) was answered by.
create table visit (
  holder_id text not null,
  visit_id text not null,
  version int not null,
  fund_id text not null,
  line_id text not null,
  allocation_id text not null,
  service text not null,
  service_asked text,
  visit_group text,
  worker_id text,
  planned_start timestamptz,
  planned_minutes int,
  start_at timestamptz,
  end_at timestamptz,
  carers int not null,
  outcome text not null,
  notice_hours numeric,
  miles numeric,
  quantity numeric,
  disturbances jsonb,
  note text,
  care_on date not null,
  occurrence timestamp,
  occurrence_minutes int not null,
  occurrence_carers int not null,
  places int not null,
  week date,
  answers_minutes bigint not null,
  extra_minutes bigint not null,
  answers_on date generated always as (coalesce(occurrence::date, week)) stored,
  primary key (holder_id, visit_id));
create index visit_care on visit (holder_id, fund_id, care_on);
create index visit_answers on visit (holder_id, fund_id, answers_on) where answers_on is not null;
select tenant_table('visit', 'select, insert, update');

-- What a dry run would have recorded, so that its later rows see its earlier ones; gone when it ends.
create table visit_trial (like visit including generated, file_id text not null, primary key (holder_id, file_id, visit_id));
create index visit_trial_answers on visit_trial (holder_id, file_id, fund_id, answers_on) where answers_on is not null;
select tenant_table('visit_trial');

-- The bytes of a file until it has been read. They are often compressed already: no second time.
create table visit_file_part (
  holder_id text not null,
  file_id text not null,
  part int not null,
  bytes bytea not null,
  primary key (holder_id, file_id, part));
alter table visit_file_part alter column bytes set storage external;
select tenant_table('visit_file_part');

create table visit_rejection (
  holder_id text not null,
  file_id text not null,
  line bigint not null,
  field text,
  code text not null,
  message text not null,
  original text not null,
  primary key (holder_id, file_id, line));
select tenant_table('visit_rejection');
