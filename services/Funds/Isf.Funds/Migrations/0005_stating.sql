-- Consents are found by their fund through a column, as the others are (0003, 0004).
alter table mt_doc_consent add column fund_id text generated always as (data ->> 'fundId') stored;
drop index consent_fund;
create index consent_fund on mt_doc_consent (tenant_id, fund_id);

-- The nightly stating of documents is made for every holder that has a fund.
insert into holders (holder_id) select distinct tenant_id from mt_doc_fund on conflict do nothing;
