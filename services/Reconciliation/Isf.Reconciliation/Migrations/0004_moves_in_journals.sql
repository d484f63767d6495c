-- A journal's moves are read with it and never by themselves: they stand in it, as lines of "book from to amount" (no place
-- holds a space). As rows of their own they were the largest part of keeping a journal.

alter table journals add column moves text not null default '';
update journals j set moves = m.lines from (
  select holder_id, fund_id, position,
    string_agg(book || ' ' || from_place || ' ' || to_place || ' ' || amount || E'\n', '' order by n) as lines
  from moves group by holder_id, fund_id, position) m
where m.holder_id = j.holder_id and m.fund_id = j.fund_id and m.position = j.position;
alter table journals alter column moves drop default;
drop table moves;
