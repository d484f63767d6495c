-- A flag names the first ten visits that it is about, and counts them all. What one visit meets is one flag: there was one
-- for each pair, so that a thousand rows alike left half a million.
alter table care_flag add column count bigint;
with pairs as (
  select holder_id, kind, visits[1] as late, array_agg(visits[2] order by visits[2]) as others,
    (array_agg(flag_id order by flag_id))[1] as kept
  from care_flag where kind in ('worker-overlap', 'no-travel-gap', 'exact-repeat') and state = 'open'
  group by 1, 2, 3),
gone as (
  delete from care_flag f using pairs p
  where f.holder_id = p.holder_id and f.kind = p.kind and f.visits[1] = p.late and f.state = 'open'
    and f.flag_id <> p.kept)
update care_flag f set visits = p.late || p.others, evidence = f.evidence
  || case when cardinality(p.others) = 1 then ''
    else ' The same goes for ' || cardinality(p.others) - 1 || ' more visits.' end
from pairs p where f.holder_id = p.holder_id and f.flag_id = p.kept;
update care_flag set count = cardinality(visits), visits = visits[1:10];
alter table care_flag alter column count set not null;
truncate care_flag_visit;
insert into care_flag_visit
select holder_id, visit_id, flag_id from care_flag, unnest(visits) visit_id on conflict do nothing;

-- The services that every version of an allocation's price list knows: who is not among them is looked at.
create function priced_services(prices jsonb) returns text[] language sql immutable as $$
  select coalesce(array_agg(service), '{}') from (
    select coalesce(rate ->> 'service', 'support') as service
    from jsonb_array_elements(prices -> 'versions') with ordinality versions(version, n),
      jsonb_array_elements(version -> 'list' -> 'rates') rate
    group by 1 having count(distinct n) = jsonb_array_length(prices -> 'versions')) known
$$;
alter table mt_doc_agreedprices add column services text[] generated always as (priced_services(data)) stored;
