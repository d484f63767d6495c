-- The person's own minutes of a visit, where others of its group gave some of the same; as Support said.
alter table priced_visits add column person_minutes bigint;
