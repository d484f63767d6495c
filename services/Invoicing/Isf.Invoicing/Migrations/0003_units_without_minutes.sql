-- Charged though not given, by a unit that carries no minutes.
alter table priced_visits add column untimed_charged boolean not null default false;

-- Stays of more than 25 hours reach days that are not their own.
create index priced_visits_stay on priced_visits (holder_id, care_on)
  where extract(epoch from ended_at - started_at) > 90000;
