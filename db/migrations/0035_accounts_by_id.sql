-- Whose account it is, is decided by id and never by the text of an address, which is handed on. An account that is
-- made with somebody's address is theirs from the start: it is written under the lock under which people are written,
-- so that neither misses the other.
create function host.find_person() returns trigger
    language plpgsql
    set search_path = pg_catalog
as $$
begin
    if new.person_id is null then
        perform pg_advisory_xact_lock(hashtextextended('people.import', 0)); -- as SavePeople and ChangeEmail have it
        select p.person_id into new.person_id from people.person p where p.email = new.email;
    end if;
    return new;
end
$$;

create trigger find_person before insert on host.account
    for each row execute function host.find_person();

update host.account a set person_id = p.person_id
  from people.person p where p.email = a.email and a.person_id is null;

-- Records from before accounts were in them (0026) name an address; from now on no name is compared.
do $$
declare
    part   record;
    writes text := coalesce(current_setting('stipend.writes', true), '');
begin
    perform set_config('stipend.writes', 'on', true), set_config('stipend.redigest', 'on', true);
    for part in
        select t.name, p.who from (values
            ('compensation.grant_run', '{prepared_by,decided_by,reversal_by,reversed_by}'::text[]),
            ('compensation.vesting_fact', '{asked_by,approved_by,declined_by}'),
            ('compensation.tier_request', '{decided_by}'), ('compensation.phase_step', '{proposed_by}'),
            ('compensation.phase_vote', '{voter}'), ('compensation.conversion', '{requested_by}'),
            ('compensation.conversion_step', '{by_name}'), ('compensation.claim', '{decided_by}'),
            ('pricing.proposal', '{imported_by}'), ('pricing.decision', '{decided_by}'),
            ('metering.reconciliation', '{made_by}'), ('metering.reconciliation_applied', '{applied_by}')
        ) as t (name, columns) cross join unnest(t.columns) as p (who)
    loop
        execute format(
            'update %1$s r set %3$I = a.account_id, %4$I = coalesce(r.%4$I, a.person_id)
               from host.account a where r.%3$I is null and lower(r.%2$I) = a.email',
            part.name, part.who, replace(part.who, '_name', '') || '_account',
            replace(part.who, '_name', '') || '_person');
    end loop;
    perform set_config('stipend.writes', writes, true), set_config('stipend.redigest', '', true);
end $$;
