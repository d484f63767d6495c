-- The promise: everything is a document; what a list is filtered by is indexed.
select make_document('holder');
select make_document('person');
select make_document('provider');
select make_document('fund');
select make_document('budget');
select make_document('allocation');
select make_document('receipt');
select make_document('moneyreturn');
select make_document('consent');
create index fund_person on mt_doc_fund (tenant_id, (data #>> '{details,personId}'));
create index fund_council on mt_doc_fund (tenant_id, (data #>> '{details,councilId}'));
create index budget_fund on mt_doc_budget (tenant_id, (data ->> 'fundId'));
create index allocation_fund on mt_doc_allocation (tenant_id, (data ->> 'fundId'));
create index receipt_fund on mt_doc_receipt (tenant_id, (data ->> 'fundId'));
create index consent_fund on mt_doc_consent (tenant_id, (data ->> 'fundId'));
