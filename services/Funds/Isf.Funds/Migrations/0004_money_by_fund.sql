-- Receipts and returns are found by their fund through a column of their own, as budgets are: a return is bounded by the
-- sums of its fund.

alter table mt_doc_receipt add column fund_id text generated always as (data ->> 'fundId') stored;
alter table mt_doc_moneyreturn add column fund_id text generated always as (data ->> 'fundId') stored;
drop index receipt_fund;
create index receipt_fund on mt_doc_receipt (tenant_id, fund_id);
create index moneyreturn_fund on mt_doc_moneyreturn (tenant_id, fund_id);
