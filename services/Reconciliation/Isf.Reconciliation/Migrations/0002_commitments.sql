-- A journal may carry a commitment to personal words, inside its hash. Those that came before carry none.
alter table journals add column commitment text;
