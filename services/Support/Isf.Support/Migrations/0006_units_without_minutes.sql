-- A session, day or week carries no minutes: that it is charged though not given is kept by itself.
alter table visit add column untimed_charged boolean not null default false;
alter table visit_trial add column untimed_charged boolean not null default false;

-- Stays of more than 25 hours, which answer what is expected on each of their days.
create index visit_stay on visit (holder_id, fund_id, care_on) where extract(epoch from end_at - start_at) > 90000;
