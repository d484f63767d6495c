-- Periods: the calendar that a holder closes by, and the periods that are closed. A closed period is never changed or
-- opened again: the service's role may add one and read them, and nothing else.
select make_document('periodcalendar');
select make_document('closedperiod');
do $$
begin
  execute format('revoke update, delete on mt_doc_closedperiod from %I', 'isf_' || current_schema());
end $$;
create unique index closed_periods_to on mt_doc_closedperiod (tenant_id, (data ->> 'to'));

-- Opens the books of some funds for posting: the holder's lock of periods shared, then the heads in one order for all.
-- Each statement of a function like this sees what was committed before it, so the last closed day is known for sure:
-- who closes a period holds the same lock alone.
create function open_books(the_holder text, the_funds text[])
returns table (fund_id text, head_position bigint, hash bytea, recorded_at timestamptz, held_pence bigint, closed_to date)
language plpgsql as $$
declare last_closed date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(current_schema() || '/' || the_holder || '/periods', 0));
  select (p.data ->> 'to')::date into last_closed from mt_doc_closedperiod p
    where p.tenant_id = the_holder order by p.data ->> 'to' desc limit 1;
  return query
    select h.fund_id, h.position, h.hash, h.recorded_at, h.held_pence, last_closed from heads h
    where h.fund_id = any(the_funds) and h.holder_id = the_holder order by h.fund_id for update;
end $$;
