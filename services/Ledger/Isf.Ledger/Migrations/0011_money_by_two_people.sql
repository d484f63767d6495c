-- Adjustments and reversals by hand need two people: what one proposed stays as it is, and the approval of another is
-- written beside it, with the position of the journal that it posted.
select make_document('approval');
do $$
begin
  execute format('revoke update, delete on mt_doc_approval from %I', 'isf_' || current_schema());
end $$;

-- The providers of a fund's allocations: accounts that may be named by hand, also before anything is posted to them.
-- Providers of allocations that were made before are known as soon as something is posted to them.
create table fund_providers (
  fund_id text not null,
  holder_id text not null,
  provider_id text not null,
  primary key (fund_id, holder_id, provider_id));
select tenant_table('fund_providers', 'select, insert');

-- Sources to which money went back that was not there, until neither they nor the fund are below zero.
create table returned_beyond (
  fund_id text not null,
  holder_id text not null,
  source text not null,
  cause_message text not null,
  cause_id text not null,
  primary key (fund_id, holder_id, source));
create index returned_beyond_open on returned_beyond (holder_id, fund_id);
select tenant_table('returned_beyond', 'select, insert, delete');
