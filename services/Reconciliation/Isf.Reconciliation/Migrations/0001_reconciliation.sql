-- Reconciliation's own copy of the journals, as they were said. The service's role may add to it and read it, and nothing
-- else: what the Ledger states is compared with what it once said.
create table journals (
  holder_id text not null,
  fund_id text not null,
  position bigint not null,
  journal_id uuid not null,
  kind text not null,
  effective_on date not null,
  care_on date,
  recorded_at timestamptz not null,
  cause_message text not null,
  cause_id text not null,
  reverses uuid,
  person_minutes bigint,
  hash text not null,
  primary key (holder_id, fund_id, position));
select tenant_table('journals', 'select, insert');

create table moves (
  holder_id text not null,
  fund_id text not null,
  position bigint not null,
  n int not null,
  book text not null,
  from_place text not null,
  to_place text not null,
  amount bigint not null,
  primary key (holder_id, fund_id, position, n));
select tenant_table('moves', 'select, insert');

-- How many journals of each fund have ever arrived, and the highest: with these a journal that is still on its way is told
-- from one that was there and is gone.
create table arrivals (
  holder_id text not null,
  fund_id text not null,
  kept bigint not null,
  highest bigint not null,
  primary key (holder_id, fund_id));
select tenant_table('arrivals', 'select, insert, update');

-- What the Ledger states: one stating has parts, and in each so many funds with all their places.
create table statings (
  holder_id text not null,
  stating_id text not null,
  arrived bigint generated always as identity,
  stated_at timestamptz not null,
  up_to date not null,
  parts int not null,
  primary key (holder_id, stating_id));
select tenant_table('statings', 'select, insert');

create table stated_parts (
  holder_id text not null,
  stating_id text not null,
  part int not null,
  primary key (holder_id, stating_id, part));
select tenant_table('stated_parts', 'select, insert');

create table stated_funds (
  holder_id text not null,
  stating_id text not null,
  fund_id text not null,
  position bigint not null,
  hash text not null,
  balances jsonb not null,
  primary key (holder_id, stating_id, fund_id));
create index stated_before on stated_funds (holder_id, fund_id, position);
select tenant_table('stated_funds', 'select, insert');

-- What did not agree. While one is open, the same difference found again is the same exception.
create table exceptions (
  holder_id text not null,
  exception_id text not null,
  difference text not null,
  fund_id text,
  code text not null,
  plain_words text not null,
  figures jsonb not null,
  state text not null default 'open' check (state in ('open', 'resolved')),
  raised_at timestamptz not null,
  raised_by_run text not null,
  last_found_by_run text not null,
  resolution_code text,
  resolution_note text,
  resolved_by text,
  resolved_at timestamptz,
  primary key (holder_id, exception_id));
create unique index exceptions_open on exceptions (holder_id, difference) where state = 'open';
create index exceptions_of_fund on exceptions (holder_id, fund_id) where state = 'open';
create index exceptions_of_run on exceptions (holder_id, last_found_by_run);
select tenant_table('exceptions', 'select, insert, update');

-- A feed's files, byte for byte as they were issued.
create table feed_files (
  holder_id text not null,
  feed_id text not null,
  format text not null, -- json, csv or zip
  bytes bytea not null,
  primary key (holder_id, feed_id, format));
select tenant_table('feed_files', 'select, insert');

select make_document('run');
select make_document('feed');
select make_document('knownfund');
select make_document('knownperson');
select make_document('knownagreement');
select make_document('knownbudget');
create index knownfund_council on mt_doc_knownfund (tenant_id, (data ->> 'councilId'));
create index knownperson_person on mt_doc_knownperson (tenant_id, (data ->> 'personId'));
create index knownagreement_fund on mt_doc_knownagreement (tenant_id, (data ->> 'fundId'));
create index knownbudget_fund on mt_doc_knownbudget (tenant_id, (data ->> 'fundId'));
