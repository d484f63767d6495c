-- What every field of a price list can depend on, kept with each price, so that new terms price the visit whole again.

alter table priced_visits
  add column planned_start timestamptz,
  add column planned_minutes int,
  add column worker_id text,
  add column notice_hours numeric,
  add column miles numeric,
  add column quantity numeric,
  add column disturbances jsonb,
  add column charged_not_given bigint,
  -- Hundredths of a mile that the worker had driven before it in the tax year, when it was priced.
  add column miles_before bigint not null default 0;

-- A worker's miles of a tax year: the allowance is counted over all funds.
create index priced_visits_miles on priced_visits (holder_id, worker_id, care_on) where miles is not null;
-- A fund's allocations, whose weeks are settled when they close.
create index allocation_terms_fund on allocation_terms (holder_id, fund_id);

-- The weeks that Support has closed: from then on what visits come to together is kept right.
create table closed_weeks (
  holder_id text not null,
  fund_id text not null,
  week_from date not null,
  primary key (holder_id, fund_id, week_from));
select tenant_table('closed_weeks', 'select, insert');

-- What was said of visits together: a target for each allocation, kind and week; version n replaces n - 1.
create table price_adjustments (
  holder_id text not null,
  allocation_id text not null,
  kind text not null,
  week_from date not null,
  version int not null,
  fund_id text not null,
  pence bigint not null,
  because text not null,
  primary key (holder_id, allocation_id, kind, week_from, version));
select tenant_table('price_adjustments', 'select, insert');

-- The public holidays that prices have counted, so that one proclaimed later is noticed and re-rates what it touches.
create table holidays_counted (
  holder_id text not null,
  calendar text not null,
  day date not null,
  primary key (holder_id, calendar, day));
select tenant_table('holidays_counted', 'select, insert, delete');

-- Holders that were here before runs were scheduled for them.
insert into holders (holder_id) select distinct holder_id from fund_nations on conflict do nothing;
