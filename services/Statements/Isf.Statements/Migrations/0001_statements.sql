-- Statements: what it has heard and kept, and what it has issued. Run by the owner with search_path set to the schema.

select make_document('keptfund');
select make_document('issuedstatement');
create index issuedstatement_fund on mt_doc_issuedstatement (tenant_id, (data ->> 'fundId'), (data ->> 'from'));

-- Facts of Funds and Support by kind and id, the latest version of each; fund_id is '' where a fact is of no one fund.
create table kept (
  holder_id text not null,
  fund_id text not null,
  kind text not null,
  id text not null,
  version int not null,
  data jsonb not null,
  primary key (holder_id, fund_id, kind, id));
select tenant_table('kept', 'select, insert, update');

-- Why each version of a visit costs what it does.
create table reasons (
  holder_id text not null,
  fund_id text not null,
  visit_id text not null,
  version int not null,
  provider_id text not null,
  because text not null,
  primary key (holder_id, fund_id, visit_id, version));
select tenant_table('reasons', 'select, insert');

-- The Ledger's journals as they came. Moves are lines of "book from to amount": no place holds a space.
create table journals (
  holder_id text not null,
  fund_id text not null,
  position bigint not null,
  journal_id uuid not null,
  effective_on date not null,
  care_on date,
  cause_message text not null,
  cause_id text not null,
  reverses uuid,
  moves text not null,
  primary key (holder_id, fund_id, position));
select tenant_table('journals', 'select, insert');

-- The bytes of each statement, in each of its formats: written once, never again.
create table pages (
  holder_id text not null,
  statement_id text not null,
  format text not null,
  bytes bytea not null,
  primary key (holder_id, statement_id, format));
select tenant_table('pages', 'select, insert');
