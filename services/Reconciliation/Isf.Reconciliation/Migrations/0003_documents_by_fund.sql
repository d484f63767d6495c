-- Documents are found through columns of their own. Row security lets only operators that cannot leak go to an index, and
-- reading a field of jsonb is none of them: every look read all of the holder's.

alter table mt_doc_knownfund add column council_id text generated always as (data ->> 'councilId') stored;
alter table mt_doc_knownperson add column person_id text generated always as (data ->> 'personId') stored;
alter table mt_doc_knownagreement add column fund_id text generated always as (data ->> 'fundId') stored;
alter table mt_doc_knownbudget add column fund_id text generated always as (data ->> 'fundId') stored;
drop index knownfund_council;
drop index knownperson_person;
drop index knownagreement_fund;
drop index knownbudget_fund;
create index knownfund_council on mt_doc_knownfund (tenant_id, council_id);
create index knownperson_person on mt_doc_knownperson (tenant_id, person_id);
create index knownagreement_fund on mt_doc_knownagreement (tenant_id, fund_id);
create index knownbudget_fund on mt_doc_knownbudget (tenant_id, fund_id);
