-- What stood at the end of each closed period, fund by fund, written once when it is closed: sums of later questions begin
-- there. Nothing that counts on a closed day is ever added, so it stays right for every later position.
-- flows: all that moved up to the last day, by both ends; drawn: what was drawn in this period, by day of care.
-- open_from: no journal before this position counts on a later day.
create table period_closings (
  fund_id text not null,
  holder_id text not null,
  to_on date not null,
  after_on date,
  position bigint not null,
  open_from bigint not null,
  books smallint[] not null,
  froms text[] not null,
  tos text[] not null,
  reversals boolean[] not null,
  amounts bigint[] not null,
  drawn_on date[] not null,
  drawn bigint[] not null,
  primary key (fund_id, holder_id, to_on));
select tenant_table('period_closings', 'select, insert');

-- What moved, effective up to a day and recorded up to a position: the last closing that both include, and the moves after.
create function flows_at(the_holder text, the_fund text, the_day date, the_position bigint)
returns table (book smallint, from_place text, to_place text, reversing boolean, amount bigint) language sql stable as $$
  with closed as (
    select * from period_closings c
    where c.fund_id = the_fund and c.holder_id = the_holder and c.to_on <= the_day and c.position <= the_position
    order by c.to_on desc limit 1)
  select s.book, s.from_place, s.to_place, s.reversing, sum(s.amount)::bigint from (
    select u.* from closed c, unnest(c.books, c.froms, c.tos, c.reversals, c.amounts)
      u(book, from_place, to_place, reversing, amount)
    union all
    select m.book, m.from_place, m.to_place, m.reversing, m.amount from moves m
    where m.fund_id = the_fund and m.holder_id = the_holder
      and m.position >= coalesce((select open_from from closed), 0) and m.position <= the_position
      and m.effective_on > coalesce((select to_on from closed), '-infinity') and m.effective_on <= the_day) s
  group by 1, 2, 3, 4
$$;

-- What was drawn, by day of care, in the same way.
create function drawn_at(the_holder text, the_fund text, the_day date, the_position bigint)
returns table (care_on date, pence bigint) language sql stable as $$
  with closed as (
    select to_on, open_from from period_closings c
    where c.fund_id = the_fund and c.holder_id = the_holder and c.to_on <= the_day and c.position <= the_position
    order by c.to_on desc limit 1)
  select s.care_on, sum(s.pence)::bigint from (
    select u.* from period_closings c, unnest(c.drawn_on, c.drawn) u(care_on, pence)
    where c.fund_id = the_fund and c.holder_id = the_holder and c.to_on <= (select to_on from closed)
    union all
    select m.care_on, case when m.from_place = 'held/drawn' then m.amount else -m.amount end from moves m
    where m.fund_id = the_fund and m.holder_id = the_holder
      and m.position >= coalesce((select open_from from closed), 0) and m.position <= the_position
      and m.effective_on > coalesce((select to_on from closed), '-infinity') and m.effective_on <= the_day
      and m.book = 1 and 'held/drawn' in (m.from_place, m.to_place)) s
  group by 1
$$;
