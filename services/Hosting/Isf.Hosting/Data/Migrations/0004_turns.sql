-- A message that waits for nothing but its holder's turn on a queue (decision 0017): other messages of the holder are in
-- work there, and keep no place that another holder could have.
alter table parked add column in_turn boolean not null default false;
create index parked_turn on parked (holder_id, queue, parked_at) where in_turn;
