-- Charged though not given, by a unit that carries no minutes.
alter table priced_visits add column untimed_charged boolean not null default false;
