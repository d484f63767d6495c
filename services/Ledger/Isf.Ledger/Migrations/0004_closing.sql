-- Closure, and whose money is left where the order of spending changes.

-- An agreement counts in the books since a day, and says whom the person pays. What was signed before said it to Funds
-- alone: the person is taken to pay the holder, as nearly all do.
alter table agreements add column since date, add column contribution text;
update agreements set since = signed_on, contribution = 'to-holder';
alter table agreements alter column since set not null, alter column contribution set not null;

-- The closure of a fund whole, as it was said, known from a position on.
create table closures (
  fund_id text not null,
  holder_id text not null,
  closed_on date not null,
  effective_on date not null,
  position bigint not null,
  said jsonb not null,
  primary key (fund_id, holder_id));
select tenant_table('closures', 'select, insert');

-- The last day on which what counts changes what must stand laid on a fund's sources: few funds have one.
create table laid (
  fund_id text not null,
  holder_id text not null,
  laid_to date not null,
  primary key (fund_id, holder_id));
select tenant_table('laid', 'select, insert, update');

-- The same as before, with the fund's last day and the last day that matters to what is laid.
drop function open_books(text, text[]);
create function open_books(the_holder text, the_funds text[])
returns table (fund_id text, head_position bigint, hash bytea, recorded_at timestamptz, held_pence bigint, closed_to date,
  closed_on date, laid_to date)
language plpgsql as $$
declare last_closed date;
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(current_schema() || '/' || the_holder || '/periods', 0));
  select (p.data ->> 'to')::date into last_closed from mt_doc_closedperiod p
    where p.tenant_id = the_holder order by p.data ->> 'to' desc limit 1;
  return query
    select h.fund_id, h.position, h.hash, h.recorded_at, h.held_pence, last_closed, c.closed_on, l.laid_to
    from heads h
    left join closures c on c.fund_id = h.fund_id and c.holder_id = h.holder_id
    left join laid l on l.fund_id = h.fund_id and l.holder_id = h.holder_id
    where h.fund_id = any(the_funds) and h.holder_id = the_holder order by h.fund_id for update of h;
end $$;
