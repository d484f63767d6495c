-- A row belongs to the holder of the session that writes it, so no statement needs to name the holder. Row-level security
-- already limits what a statement reads and writes to the rows of that holder.
create or replace function tenant_table(name text, may text default 'select, insert, update, delete') returns void language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('create policy by_holder on %I using (holder_id = current_setting(''isf.holder'', true))', name);
  execute format('alter table %I alter column holder_id set default current_setting(''isf.holder'')', name);
  execute format('grant %s on %I to %I', may, name, 'isf_' || current_schema());
end $$;

do $$
declare name text;
begin
  for name in
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'holder_id'
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity
      and not c.relispartition and not a.attisdropped
  loop
    execute format('alter table %I alter column holder_id set default current_setting(''isf.holder'')', name);
  end loop;
end $$;
