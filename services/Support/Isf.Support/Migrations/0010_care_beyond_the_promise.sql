-- Care on a day that its allocation does not cover is recorded, and nobody's promise pays for it.
alter table visit add column not_covered boolean not null default false;
alter table visit_trial add column not_covered boolean not null default false;

-- What an allocation has a week, against which its lines' weeks are held.
alter table mt_doc_allocation
  add column weekly_minutes bigint generated always as ((data ->> 'weeklyMinutes')::bigint) stored;

-- Nothing is planned any longer on days that an allocation, since it was revised, does not cover: the next nightly run
-- says the days of such funds again.
update plan_horizon h set planned_to = changed.before
from (
  select a.tenant_id, a.fund_id, min(least((a.data ->> 'to')::date, (
      select min((version ->> 'from')::date) - 1
      from mt_doc_plan p, jsonb_array_elements(p.data -> 'versions') version
      where p.tenant_id = a.tenant_id and p.fund_id = a.fund_id
        and (version ->> 'from')::date < (a.data ->> 'from')::date))) as before
  from mt_doc_allocation a
  where (a.data ->> 'version')::int > 1
  group by a.tenant_id, a.fund_id) changed
where h.holder_id = changed.tenant_id and h.fund_id = changed.fund_id and changed.before < h.planned_to;
