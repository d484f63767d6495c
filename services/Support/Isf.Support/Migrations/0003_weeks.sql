-- Weeks that close: what was agreed about care that is not given, absences, what of a visit is charged, and what was
-- said of each closed week.

select make_document('agreement');
select make_document('agreedprices');
select make_document('absence');
create index mt_doc_agreedprices_fund on mt_doc_agreedprices (tenant_id, (data ->> 'fundId'));
create index mt_doc_absence_fund on mt_doc_absence (tenant_id, (data ->> 'fundId'));

-- for_absence: nobody sent it; it stands for a hospital stay's paid day and answers nothing by itself.
alter table visit add column charged_minutes bigint not null default 0,
  add column for_absence boolean not null default false;
alter table visit_trial add column charged_minutes bigint not null default 0,
  add column for_absence boolean not null default false;

-- The last Sunday whose week has been closed; a day before all care where none has.
alter table plan_horizon add column closed_to date not null default '1900-01-01';
create index plan_horizon_closing on plan_horizon (holder_id, closed_to, fund_id);

-- A fund's week as it was last closed: the sums said of its lines, and what lay in the bank after it.
create table closed_week (
  holder_id text not null,
  fund_id text not null,
  week_from date not null,
  version int not null,
  lines jsonb not null,
  bank jsonb not null,
  primary key (holder_id, fund_id, week_from));
select tenant_table('closed_week');
