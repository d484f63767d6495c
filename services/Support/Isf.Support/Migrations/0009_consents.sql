-- What a supporter may see: a copy of the consents that Funds says. A consent that was taken back names nobody where
-- the withdrawal came first.
create table consents (
  holder_id text not null,
  fund_id text not null,
  consent_id text not null,
  supporter text,
  sees text[] not null default '{}',
  to_on date,
  withdrawn boolean not null default false,
  primary key (holder_id, fund_id, consent_id));
select tenant_table('consents', 'select, insert, update');

-- Consents that were given before there was a copy are taken over, where Funds lives in the same database; elsewhere
-- the same PUT once more says them again.
do $$ begin
  if to_regclass('funds.mt_doc_consent') is not null then
    insert into consents (holder_id, fund_id, consent_id, supporter, sees, to_on, withdrawn)
    select tenant_id, data ->> 'fundId', id, data #>> '{details,supporter}',
      array(select jsonb_array_elements_text(data #> '{details,sees}')), (data #>> '{details,to}')::date,
      (data ->> 'withdrawn')::boolean
    from funds.mt_doc_consent;
  end if;
end $$;
