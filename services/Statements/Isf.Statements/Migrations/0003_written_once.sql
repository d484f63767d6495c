-- An issued statement never changes, nor do its bytes and the journals that it sums: the service's role may add and read,
-- and nobody changes, deletes or empties them, the owner neither.
do $$
begin
  execute format('revoke update, delete on mt_doc_issuedstatement from %I', 'isf_' || current_schema());
end $$;
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% is refused: what is written there stays as it is', tg_op, tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end $$;
create trigger written_once before update or delete or truncate on mt_doc_issuedstatement
  for each statement execute function refuse_change();
create trigger written_once before update or delete or truncate on pages
  for each statement execute function refuse_change();
create trigger written_once before update or delete or truncate on journals
  for each statement execute function refuse_change();
