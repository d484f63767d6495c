-- Documents are found by their fund through a column of their own. Row security lets only operators that cannot leak
-- go to an index, and reading a field of jsonb is none of them: every look for a fund's plans read all of the holder's.

alter table mt_doc_allocation add column fund_id text generated always as (data ->> 'fundId') stored;
alter table mt_doc_plan add column fund_id text generated always as (data ->> 'fundId') stored;
alter table mt_doc_agreedprices add column fund_id text generated always as (data ->> 'fundId') stored;
alter table mt_doc_absence add column fund_id text generated always as (data ->> 'fundId') stored;
drop index mt_doc_allocation_fund;
drop index mt_doc_plan_fund;
drop index mt_doc_agreedprices_fund;
drop index mt_doc_absence_fund;
create index mt_doc_allocation_fund on mt_doc_allocation (tenant_id, fund_id);
create index mt_doc_plan_fund on mt_doc_plan (tenant_id, fund_id);
create index mt_doc_agreedprices_fund on mt_doc_agreedprices (tenant_id, fund_id);
create index mt_doc_absence_fund on mt_doc_absence (tenant_id, fund_id);
