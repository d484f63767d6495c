-- Adjustments and reversals by hand. What was asked is kept under the id that the caller chose and never changes.
select make_document('adjustment');
select make_document('adjustmentreversal');
do $$
begin
  execute format('revoke update, delete on mt_doc_adjustment, mt_doc_adjustmentreversal from %I', 'isf_' || current_schema());
end $$;

-- Reasons are personal words: they stand apart from the books, so that they can be erased, and with them the person's
-- salt. The journal keeps a commitment that then tells nothing.
create table personal_words (
  fund_id text not null,
  holder_id text not null,
  journal_id uuid not null,
  words text not null,
  primary key (fund_id, holder_id, journal_id));
select tenant_table('personal_words', 'select, insert, delete');
select make_document('personsalt');
