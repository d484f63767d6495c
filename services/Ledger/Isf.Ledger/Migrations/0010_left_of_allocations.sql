-- What is left of each allocation of a fund, as held_pence is what is held: it only tells when a posting takes one below
-- zero, or back. An allocation with nothing left is not in it.
alter table heads add column promised jsonb not null default '{}';
update heads h set promised = p.promised from (
  select fund_id, holder_id, jsonb_object_agg(substr(place, 10), pence) as promised from (
    select fund_id, holder_id, place, sum(pence) as pence from (
      select fund_id, holder_id, to_place as place, amount as pence from moves where book = 2
      union all
      select fund_id, holder_id, from_place, -amount from moves where book = 2) ends
    where place like 'promised/%' and place not in ('promised/none', 'promised/fee')
    group by 1, 2, 3 having sum(pence) <> 0) sums
  group by 1, 2) p
where p.fund_id = h.fund_id and p.holder_id = h.holder_id;

drop function open_books(text, text[]);
create function open_books(the_holder text, the_funds text[])
returns table (fund_id text, head_position bigint, hash bytea, recorded_at timestamptz, held_pence bigint, closed_to date,
  closed_on date, laid_to date, promised text)
language plpgsql as $$
declare last_closed date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(current_schema() || '/' || the_holder || '/periods', 0));
  select (p.data ->> 'to')::date into last_closed from mt_doc_closedperiod p
    where p.tenant_id = the_holder order by p.data ->> 'to' desc limit 1;
  return query
    select h.fund_id, h.position, h.hash, h.recorded_at, h.held_pence, last_closed, h.closed_on, h.laid_to,
      h.promised::text
    from heads h where h.fund_id = any(the_funds) and h.holder_id = the_holder order by h.fund_id for update;
end $$;
