-- Statements are found by their fund and first day through columns of their own. Row security lets only operators that
-- cannot leak go to an index, and reading a field of jsonb is none of them: every look read all of the holder's.

alter table mt_doc_issuedstatement add column fund_id text generated always as (data ->> 'fundId') stored;
alter table mt_doc_issuedstatement add column from_on text generated always as (data ->> 'from') stored;
drop index issuedstatement_fund;
create index issuedstatement_fund on mt_doc_issuedstatement (tenant_id, fund_id, from_on);
