-- The same sums, each by a plan that is made once and finds the moves after the closing by their positions. What was
-- closed and what came after are two parts: whoever asks adds them up.
create or replace function flows_at(the_holder text, the_fund text, the_day date, the_position bigint)
returns table (book smallint, from_place text, to_place text, reversing boolean, amount bigint)
language plpgsql stable as $$
declare closed period_closings;
begin
  select c.* into closed from period_closings c
    where c.fund_id = the_fund and c.holder_id = the_holder and c.to_on <= the_day and c.position <= the_position
    order by c.to_on desc limit 1;
  if found then
    return query select u.* from unnest(closed.books, closed.froms, closed.tos, closed.reversals, closed.amounts) u;
    return query
      select m.book, m.from_place, m.to_place, m.reversing, sum(m.amount)::bigint from moves m
      where m.fund_id = the_fund and m.holder_id = the_holder
        and m.position between closed.open_from and the_position
        and m.effective_on > closed.to_on and m.effective_on <= the_day
      group by 1, 2, 3, 4;
  else
    return query
      select m.book, m.from_place, m.to_place, m.reversing, sum(m.amount)::bigint from moves m
      where m.fund_id = the_fund and m.holder_id = the_holder and m.position <= the_position
        and m.effective_on <= the_day
      group by 1, 2, 3, 4;
  end if;
end $$;

create or replace function drawn_at(the_holder text, the_fund text, the_day date, the_position bigint)
returns table (care_on date, pence bigint) language plpgsql stable as $$
declare closed_on date; begins bigint;
begin
  select c.to_on, c.open_from into closed_on, begins from period_closings c
    where c.fund_id = the_fund and c.holder_id = the_holder and c.to_on <= the_day and c.position <= the_position
    order by c.to_on desc limit 1;
  return query
    select s.care_on, sum(s.pence)::bigint from (
      select u.care_on, u.pence from period_closings c, unnest(c.drawn_on, c.drawn) u(care_on, pence)
      where c.fund_id = the_fund and c.holder_id = the_holder and c.to_on <= closed_on
      union all
      select m.care_on, case when m.from_place = 'held/drawn' then m.amount else -m.amount end from moves m
      where m.fund_id = the_fund and m.holder_id = the_holder
        and m.position between coalesce(begins, 0) and the_position
        and m.effective_on > coalesce(closed_on, '-infinity') and m.effective_on <= the_day
        and m.book = 1 and 'held/drawn' in (m.from_place, m.to_place)) s
    group by 1;
end $$;
