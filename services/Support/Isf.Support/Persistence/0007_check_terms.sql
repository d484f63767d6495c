-- What a holder takes as usual, from where on the checks ask.
select make_document('checkterms');

-- A worker's stays of more than 25 hours, which may go on while somebody else is visited.
create index visit_worker_stay on visit (holder_id, worker_id, start_at)
  where worker_id is not null and extract(epoch from end_at - start_at) > 90000;
