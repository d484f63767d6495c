-- Scheduled runs go by Hangfire, in a schema of their own ({service}_jobs, made by Migrations.cs). What Quartz kept goes.
-- Settings are put into the words of Hangfire's reader of cron, which counts Sunday as 0 and not as 1, knows no years,
-- wants a star in front of a step, and where both a day and a weekday are given takes days that are both, not either.

do $$
declare name text;
begin
  for name in select tablename from pg_tables where schemaname = current_schema() and tablename ~ '^qrtz_' loop
    execute format('drop table %I cascade', name);
  end loop;
end $$;

-- Weekdays by their names, which mean the same to both. Steps and ranges are written out: they end with the week.
create or replace function pg_temp.weekdays_by_name(field text) returns text language plpgsql as $$
declare
  names constant text[] := array['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  list text := upper(field);
  item text;
  part text[];
  until_day int;
  days int[] := '{}';
begin
  for n in 1 .. 7 loop
    list := regexp_replace(list, names[n], n::text, 'g');
  end loop;
  if list ~ '^[1-7](#[1-5]|L)$' then
    return names[left(list, 1)::int] || substr(list, 2);
  elsif list = 'L' then
    return 'SAT';
  end if;
  foreach item in array string_to_array(replace(list, '*/', '1/'), ',') loop
    part := regexp_match(item, '^([1-7])(?:-([1-7]))?(?:/([1-7]))?$');
    if part is null then
      return field;
    end if;
    until_day := coalesce(part[2], case when part[3] is null then part[1] else '7' end)::int;
    if until_day < part[1]::int then
      until_day := until_day + 7;
    end if;
    days := days || array(select (day - 1) % 7 + 1
      from generate_series(part[1]::int, until_day, coalesce(part[3], '1')::int) day);
  end loop;
  return (select string_agg(names[day], ',' order by day) from (select distinct unnest(days) as day) each);
end $$;

-- Without its year a schedule goes on in other years too; of a day or a weekday it comes every day. A run too many finds
-- nothing to do, a run too few would be missed.
create or replace function pg_temp.cron_by_name(cron text) returns text language plpgsql as $$
declare field text[] := regexp_split_to_array(btrim(cron), '\s+');
begin
  if cardinality(field) not in (6, 7) then
    return cron;
  end if;
  if field[6] ~ '[0-9]' or upper(field[6]) = 'L' then
    field[6] := pg_temp.weekdays_by_name(field[6]);
  end if;
  if field[4] not in ('*', '?') and field[6] not in ('*', '?') then
    field[4:6] := array['*', field[5], '?'];
  end if;
  return regexp_replace(array_to_string(field[1:6], ' '), '(^|[ ,])/', '\1*/', 'g');
end $$;

update schedules set cron = pg_temp.cron_by_name(cron) where cron <> pg_temp.cron_by_name(cron);
