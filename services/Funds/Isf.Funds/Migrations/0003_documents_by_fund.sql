-- Documents are found by their fund through a column of their own. Row security lets only operators that cannot leak
-- go to an index, and reading a field of jsonb is none of them: every look read all of the holder's.

alter table mt_doc_budget add column fund_id text generated always as (data ->> 'fundId') stored;
alter table mt_doc_allocation add column fund_id text generated always as (data ->> 'fundId') stored;
alter table mt_doc_fee add column fund_id text generated always as (data ->> 'fundId') stored;
drop index budget_fund;
drop index allocation_fund;
drop index fee_fund;
create index budget_fund on mt_doc_budget (tenant_id, fund_id);
create index allocation_fund on mt_doc_allocation (tenant_id, fund_id);
create index fee_fund on mt_doc_fee (tenant_id, fund_id);
