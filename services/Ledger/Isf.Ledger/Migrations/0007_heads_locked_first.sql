-- The same as before in two steps: the heads are locked first, and what stands beside them is read by a statement of its
-- own, so that a posting that waited for a closure's knows of it. A row that is joined to a locked one is seen as it was
-- before the wait.
create or replace function open_books(the_holder text, the_funds text[])
returns table (fund_id text, head_position bigint, hash bytea, recorded_at timestamptz, held_pence bigint, closed_to date,
  closed_on date, laid_to date)
language plpgsql as $$
declare last_closed date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(current_schema() || '/' || the_holder || '/periods', 0));
  select (p.data ->> 'to')::date into last_closed from mt_doc_closedperiod p
    where p.tenant_id = the_holder order by p.data ->> 'to' desc limit 1;
  perform 1 from heads h where h.fund_id = any(the_funds) and h.holder_id = the_holder order by h.fund_id for update;
  return query
    select h.fund_id, h.position, h.hash, h.recorded_at, h.held_pence, last_closed, c.closed_on, l.laid_to
    from heads h
    left join closures c on c.fund_id = h.fund_id and c.holder_id = h.holder_id
    left join laid l on l.fund_id = h.fund_id and l.holder_id = h.holder_id
    where h.fund_id = any(the_funds) and h.holder_id = the_holder;
end $$;
