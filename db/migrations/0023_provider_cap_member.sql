-- What a provider calls the output cap of a chat completion; '': the usual for whose models it serves.
alter table gateway.provider
    add column cap_member text not null default '' check (cap_member in ('', 'max_tokens', 'max_completion_tokens'));
select kernel.redigest('gateway.provider');

create or replace view gateway.v_provider as
select name, version, change, dialect, base_url, serves, weight, changed_at, changed_by, cap_member
  from gateway.provider;
