-- A setting for the rest of the transaction, said without a row in answer: so it can stand in front of a batch whose
-- answers somebody else reads.
create procedure set_for_transaction(name text, value text) language plpgsql as $$
begin
  perform set_config(name, value, true);
end $$;
do $$
begin
  execute format('grant execute on procedure set_for_transaction(text, text) to %I', 'isf_' || current_schema());
end $$;

-- What statements over many rows read of a document's table, whose name and layout are Marten's. Row security looks at
-- who asks.
create function make_document_view(alias text, columns text[] default '{}', may text default 'select') returns void
language plpgsql as $$
declare name text := alias || '_documents';
begin
  execute format('create view %I with (security_invoker = true) as select %s from %I', name,
    array_to_string(array['tenant_id as holder_id', 'id', 'data'] || columns, ', '), 'mt_doc_' || alias);
  execute format('grant %s on %I to %I', may, name, 'isf_' || current_schema());
end $$;
