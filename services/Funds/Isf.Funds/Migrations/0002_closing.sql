-- Closures, one a fund under the fund's own id, and management fees.
select make_document('closure');
select make_document('fee');
create index fee_fund on mt_doc_fee (tenant_id, (data ->> 'fundId'));
