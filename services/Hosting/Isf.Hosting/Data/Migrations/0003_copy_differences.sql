-- How the service's copies of documents differ from what their owner stated last. One that is not certain may only have
-- been overtaken by a message, and has to be found by a second stating. fund_id is '' where a document is of no one fund.
create table copy_differences (
  holder_id text not null,
  fund_id text not null,
  kind text not null,
  id text not null,
  field text not null,
  stated_version int not null,
  copy_version int not null,
  stated_at timestamptz not null,
  certain boolean not null,
  primary key (holder_id, fund_id, kind, id, field));
select tenant_table('copy_differences');
