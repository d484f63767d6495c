-- A schedule's setting is every holder's: all read it, and it is changed for holder '*', which no token can name. So no
-- host needs the owner for it.
alter table schedules enable row level security;
create policy everybody_reads on schedules for select using (true);
create policy nobody_sets on schedules using (current_setting('isf.holder', true) = '*');
do $$ begin
  execute format('grant select, insert, update on schedules to %I', 'isf_' || current_schema());
end $$;
