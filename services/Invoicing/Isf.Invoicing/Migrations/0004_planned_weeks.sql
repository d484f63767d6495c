-- What the plan had for each line of a closed week, by allocation: what a set-off may charge at most. It is as of a
-- version of the closing; 0 where the week was closed before that was said.
alter table closed_weeks
  add column version int not null default 0,
  add column planned jsonb not null default '[]';
do $$
begin
  execute format('grant update (version, planned) on closed_weeks to %I', 'isf_' || current_schema());
end $$;
