-- A journal may be bound to personal words that stand elsewhere, by a commitment that is inside its hash. Those posted
-- before have none, and their hashes stay as they are.
alter table journals add column commitment bytea;

-- Which journal takes one back: an adjustment is reversed once only, and shown with its reversal.
create index journals_reverses on journals (fund_id, holder_id, reverses) where reverses is not null;
