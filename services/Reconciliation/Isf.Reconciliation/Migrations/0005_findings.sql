-- An exception has a kind: what a books run finds is one, everything that another service finds is one by itself.
alter table exceptions add column kind text not null default 'books';
alter table exceptions alter column kind drop default;
create index exceptions_of_kind on exceptions (holder_id, kind, exception_id);

-- How each thing stands that another service found, as of a number that grows (a journal's position): what comes late about
-- an earlier state changes nothing.
create table findings (
  holder_id text not null,
  difference text not null,
  as_of bigint not null,
  stands boolean not null,
  primary key (holder_id, difference));
select tenant_table('findings', 'select, insert, update');

-- Sums that were below zero before anybody listened, from our own copy where it has no gaps.
create temporary table below_zero on commit drop as
with lines as (
  select j.holder_id, j.fund_id, j.position, string_to_array(line, ' ') as move
  from journals j join arrivals a on a.holder_id = j.holder_id and a.fund_id = j.fund_id and a.kept = a.highest,
    unnest(string_to_array(rtrim(j.moves, E'\n'), E'\n')) line
  where line ~ '^[^ ]+ [^ ]+ [^ ]+ [0-9]{1,18}$'),
ends as (
  select holder_id, fund_id, position, move[1] as book, move[3] as place, move[4]::bigint as pence from lines
  union all
  select holder_id, fund_id, position, move[1], move[2], -move[4]::bigint from lines)
select holder_id, fund_id, max(position) as position, sum(pence) as pence,
  case when book = 'money' then 'fund' else substr(place, 10) end as subject, book
from ends
where (book = 'money' and place like 'held/%')
  or (book = 'promise' and place like 'promised/%' and place not in ('promised/none', 'promised/fee'))
group by holder_id, fund_id, book, case when book = 'money' then 'fund' else substr(place, 10) end
having sum(pence) < 0;

insert into findings
select holder_id, case book when 'money' then '15|' else '14|' end || fund_id || '|' || subject, position, true
from below_zero;
insert into exceptions (holder_id, exception_id, difference, kind, fund_id, code, plain_words, figures, raised_at,
  raised_by_run, last_found_by_run)
select holder_id, 'E-' || md5(holder_id || '/' || code || '/' || fund_id || '/' || subject),
  case book when 'money' then '15|' else '14|' end || fund_id || '|' || subject, code, fund_id, code,
  case book
    when 'money' then 'Care and charges have cost more than was put into the fund: '
    else 'More was used of allocation ' || subject || ' than is promised of it: ' end
    || '£' || div(-pence, 100) || '.' || lpad(mod(-pence, 100)::text, 2, '0') || '.',
  jsonb_build_array(
    jsonb_build_object('name', case book when 'money' then 'heldPence' else 'leftPence' end, 'value', pence::text),
    jsonb_build_object('name', 'position', 'value', position::text)),
  now(), code || '/' || fund_id || '/' || position, code || '/' || fund_id || '/' || position
from (select *, case book when 'money' then 'fund-overdrawn' else 'promise-overdrawn' end as code from below_zero) b;
