-- The days on which every version of an allocation's price list has a rate for every service that it names: care of
-- other days is looked at.
create function priced_days(prices jsonb) returns daterange language sql immutable as $$
  select case when max(first_day) <= min(last_day) then daterange(max(first_day), min(last_day), '[]')
    else 'empty' end
  from (
    select min(coalesce((rate ->> 'from')::date, '-infinity')) as first_day,
      max(coalesce((rate ->> 'to')::date, 'infinity')) as last_day
    from jsonb_array_elements(prices -> 'versions') with ordinality versions(version, n),
      jsonb_array_elements(version -> 'list' -> 'rates') rate
    group by n, coalesce(rate ->> 'service', 'support')) agreed
$$;
alter table mt_doc_agreedprices add column priced_days daterange generated always as (priced_days(data)) stored;
