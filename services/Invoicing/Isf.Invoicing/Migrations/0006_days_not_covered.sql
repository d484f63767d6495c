-- Support says that a visit's allocation does not cover its day: nobody's promise pays for it.
alter table priced_visits add column not_covered boolean not null default false;
