-- The copy of the journals is what the Ledger's books are checked against: nobody changes, deletes or empties it, the owner
-- neither.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% is refused: what is written there stays as it is', tg_op, tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end $$;
create trigger written_once before update or delete or truncate on journals
  for each statement execute function refuse_change();
create trigger written_once before update or delete or truncate on feed_files
  for each statement execute function refuse_change();
