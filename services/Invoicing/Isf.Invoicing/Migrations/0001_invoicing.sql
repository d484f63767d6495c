-- Invoicing's own copy of what prices depend on, and what it has priced.

-- The nation of each fund's person: whose public holidays count where a price list names none.
create table fund_nations (
  holder_id text not null,
  fund_id text not null,
  nation text not null,
  primary key (holder_id, fund_id));
select tenant_table('fund_nations', 'select, insert');

-- Every version of every allocation's terms, for ever: care is priced at those in force on its day.
create table allocation_terms (
  holder_id text not null,
  allocation_id text not null,
  version int not null,
  set_on date not null,
  fund_id text not null,
  provider_id text not null,
  funded_by jsonb,
  claim text not null,
  list_hash text not null,
  price_list jsonb not null,
  primary key (holder_id, allocation_id, version));
create index allocation_terms_list on allocation_terms (holder_id, list_hash);
select tenant_table('allocation_terms', 'select, insert');

-- What every visit cost and why, one row a pricing: version counts the prices of a visit, visit_version is Support's.
-- What is said downstream is written here in the same commit; nothing is ever changed.
create table priced_visits (
  holder_id text not null,
  visit_id text not null,
  version int not null,
  visit_version int not null,
  fund_id text not null,
  line_id text not null,
  allocation_id text not null,
  terms_version int not null,
  service text not null,
  care_on date not null,
  started_at timestamptz,
  ended_at timestamptz,
  carers int not null,
  outcome text not null,
  answers_minutes bigint not null,
  extra_minutes bigint not null,
  charged_minutes bigint not null,
  pence bigint not null,
  parts jsonb not null,
  because text not null,
  primary key (holder_id, visit_id, version));
create index priced_visits_allocation on priced_visits (holder_id, allocation_id, care_on);
select tenant_table('priced_visits', 'select, insert');
