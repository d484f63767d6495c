-- What is written in the books stays. The services' roles may add to them and nothing else; from here on nobody changes,
-- deletes or empties them, the owner neither: what was wrong is put right by a reversal.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% is refused: what is written there stays as it is', tg_op, tg_table_schema, tg_table_name
    using errcode = 'restrict_violation';
end $$;

-- A table, or one part of one: refused is the statement itself, whether it meets a row or not.
create function write_once(name regclass) returns void language plpgsql as $$
begin
  execute format('create trigger written_once before update or delete or truncate on %s
    for each statement execute function refuse_change()', name);
end $$;

-- Makes a part of the books. A trigger on statements is not handed on to parts, so each is given its own here.
create function add_part(parent text, name text, modulus int, remainder int) returns void language plpgsql
set search_path from current as $$
begin
  execute format('create table %I partition of %I for values with (modulus %s, remainder %s)', name, parent, modulus,
    remainder);
  execute format('alter table %I enable row level security', name);
  perform write_once(name::regclass);
end $$;

do $$
declare name regclass;
begin
  for name in select 'journals'::regclass union all select 'moves'::regclass
    union all select inhrelid::regclass from pg_inherits where inhparent in ('journals'::regclass, 'moves'::regclass)
  loop
    perform write_once(name);
  end loop;
end $$;

-- One on rows is handed on to every part, present and future, also to one that was not made by add_part.
create trigger rows_written_once before update or delete on journals for each row execute function refuse_change();
create trigger rows_written_once before update or delete on moves for each row execute function refuse_change();
