-- Row security lets an index be used only by a column of its own: funds by whose they are, consents by who may see.
drop index fund_person;
drop index fund_council;
alter table mt_doc_fund
  add column person_id text generated always as (data #>> '{details,personId}') stored,
  add column council_id text generated always as (data #>> '{details,councilId}') stored;
create index fund_person on mt_doc_fund (tenant_id, person_id);
create index fund_council on mt_doc_fund (tenant_id, council_id);
alter table mt_doc_consent add column supporter text generated always as (data #>> '{details,supporter}') stored;
create index consent_supporter on mt_doc_consent (tenant_id, supporter);
