-- A fund's last day, and the last day that matters to what is laid, stand in its head: a posting that waited for the lock
-- reads them as they are after the wait, in the statement that takes it. Half the work of opening five hundred funds.
alter table heads add column closed_on date, add column laid_to date;
update heads h set closed_on = c.closed_on from closures c where c.fund_id = h.fund_id and c.holder_id = h.holder_id;
update heads h set laid_to = l.laid_to from laid l where l.fund_id = h.fund_id and l.holder_id = h.holder_id;
drop table laid;

create or replace function open_books(the_holder text, the_funds text[])
returns table (fund_id text, head_position bigint, hash bytea, recorded_at timestamptz, held_pence bigint, closed_to date,
  closed_on date, laid_to date)
language plpgsql as $$
declare last_closed date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(current_schema() || '/' || the_holder || '/periods', 0));
  select (p.data ->> 'to')::date into last_closed from mt_doc_closedperiod p
    where p.tenant_id = the_holder order by p.data ->> 'to' desc limit 1;
  return query
    select h.fund_id, h.position, h.hash, h.recorded_at, h.held_pence, last_closed, h.closed_on, h.laid_to
    from heads h where h.fund_id = any(the_funds) and h.holder_id = the_holder order by h.fund_id for update;
end $$;
