-- The books. The fund's id leads every key, so that the tables can be sharded by it. Journals and moves are never changed:
-- the service's role may read them and add to them, and nothing else. Only a fund's head is updated, under its row lock.

-- Where each fund's journal ends. held_pence only tells when a posting takes a fund below zero; balances are always sums.
create table heads (
  fund_id text not null,
  holder_id text not null,
  position bigint not null,
  hash bytea not null,
  recorded_at timestamptz not null,
  held_pence bigint not null,
  primary key (fund_id, holder_id)) with (fillfactor = 50);
select tenant_table('heads', 'select, insert, update');

-- Whose fund it is, for who may see it.
create table funds (
  fund_id text not null,
  holder_id text not null,
  person_id text not null,
  council_id text not null,
  primary key (fund_id, holder_id));
select tenant_table('funds', 'select, insert');

-- The order of spending by version, known from a position on.
create table agreements (
  fund_id text not null,
  holder_id text not null,
  version int not null,
  signed_on date not null,
  spend_order text not null,
  position bigint not null,
  primary key (fund_id, holder_id, version));
select tenant_table('agreements', 'select, insert');

-- Budgets (kind 1) and allocations (kind 2), each version whole, with the position of its own journal.
create table promises (
  fund_id text not null,
  holder_id text not null,
  kind smallint not null,
  promise_id text not null,
  version int not null,
  effective_on date not null,
  position bigint not null,
  terms jsonb not null,
  primary key (fund_id, holder_id, kind, promise_id, version));
select tenant_table('promises', 'select, insert');

-- Up to which day each promise is posted, and when an open one's next year begins.
create table promises_posted (
  fund_id text not null,
  holder_id text not null,
  kind smallint not null,
  promise_id text not null,
  posted_to date not null,
  next_due_on date,
  primary key (fund_id, holder_id, kind, promise_id));
create index promises_due on promises_posted (holder_id, next_due_on) where next_due_on is not null;
select tenant_table('promises_posted', 'select, insert, update');

create table journals (
  position bigint not null,
  recorded_at timestamptz not null,
  person_minutes bigint,
  journal_id uuid not null,
  reverses uuid,
  effective_on date not null,
  care_on date,
  fund_id text not null,
  holder_id text not null,
  kind text not null,
  cause_message text not null,
  cause_id text not null,
  hash bytea not null,
  primary key (fund_id, holder_id, position)) partition by hash (fund_id);
create unique index journals_id on journals (fund_id, holder_id, journal_id);

-- The days and the reversal are the journal's, so that a sum reads one table; the integrity check compares them.
create table moves (
  position bigint not null,
  amount bigint not null check (amount > 0),
  effective_on date not null,
  care_on date not null,
  n smallint not null,
  book smallint not null,
  reversing boolean not null,
  fund_id text not null,
  holder_id text not null,
  from_place text not null,
  to_place text not null,
  primary key (fund_id, holder_id, position, n)) partition by hash (fund_id);

do $$
begin
  for part in 0..7 loop
    execute format('create table journals_%s partition of journals for values with (modulus 8, remainder %s)', part, part);
    execute format('create table moves_%s partition of moves for values with (modulus 8, remainder %s)', part, part);
    execute format('alter table journals_%s enable row level security', part);
    execute format('alter table moves_%s enable row level security', part);
  end loop;
end $$;
select tenant_table('journals', 'select, insert');
select tenant_table('moves', 'select, insert');

-- The last position that was recorded by a moment. Stamps rise with positions, so halving finds it in a few steps.
create function position_at(the_holder text, the_fund text, moment timestamptz) returns bigint language plpgsql stable as $$
declare low bigint := 0; high bigint; middle bigint; at timestamptz;
begin
  select h.position into high from heads h where h.fund_id = the_fund and h.holder_id = the_holder;
  while low < high loop
    middle := (low + high + 1) / 2;
    select j.recorded_at into at from journals j
      where j.fund_id = the_fund and j.holder_id = the_holder and j.position = middle;
    if at <= moment then low := middle; else high := middle - 1; end if;
  end loop;
  return coalesce(low, 0);
end $$;
