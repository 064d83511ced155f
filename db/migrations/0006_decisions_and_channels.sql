-- Corrections that a preview showed can be declined, with a reason, and what people are called where they have no
-- address is said in one place. Only new tables, views and functions, and triggers on a table that is seldom written:
-- nothing is locked for long.

create table metering.reconciliation_declined (
    reconciliation_id   uuid primary key references metering.reconciliation,
    reason              text not null check (length(reason) between 1 and 1000),
    declined_by         text not null,
    declined_by_account uuid,
    declined_by_person  uuid,
    declined_at         timestamptz not null,
    -- Whether it was its own maker's, by whichever account.
    withdrawn           boolean not null,
    digest              bytea not null default ''
);

select kernel.guard('metering.reconciliation_declined', removable => false);

-- Applying and declining write two tables, and one of the two is done: whoever comes second finds the first's row, as
-- they would find it where both wrote one table.
create function metering.decide_once() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('metering.reconciliation/' || new.reconciliation_id, 0));
    if exists (select from metering.reconciliation_applied a where a.reconciliation_id = new.reconciliation_id)
        or exists (select from metering.reconciliation_declined d where d.reconciliation_id = new.reconciliation_id)
    then
        raise unique_violation using message = format('%s is decided already', new.reconciliation_id);
    end if;
    return new;
end
$$;

create trigger decide_once before insert on metering.reconciliation_applied
    for each row execute function metering.decide_once();
create trigger decide_once before insert on metering.reconciliation_declined
    for each row execute function metering.decide_once();

create view metering.v_reconciliation_decision as
    select reconciliation_id, true as is_applied, null::text as reason, applied_by as decided_by,
           applied_by_account as decided_by_account, applied_by_person as decided_by_person, applied_at as decided_at
      from metering.reconciliation_applied
     union all
    select reconciliation_id, false, reason, declined_by, declined_by_account, declined_by_person, declined_at
      from metering.reconciliation_declined;

-- What nobody decided. Of those of a provider that overlap in time only the newest can still be what would be
-- corrected. One that its own maker withdrew says nothing of another's: else a charge would disappear where its payer
-- asks for the same days and withdraws that.
create view metering.v_reconciliation_waiting as
    select r.reconciliation_id, r.provider, r.from_day, r.to_day, r.content, r.corrections, r.refund_milli,
           r.charge_milli, r.made_by, r.made_by_account, r.made_by_person, r.made_at
      from metering.reconciliation r
     where not exists (
            select from metering.v_reconciliation_decision d where d.reconciliation_id = r.reconciliation_id)
       and not exists (
            select from metering.reconciliation n
             where n.provider = r.provider and n.from_day <= r.to_day and n.to_day >= r.from_day
               and (n.made_at, n.reconciliation_id) > (r.made_at, r.reconciliation_id)
               and (n.made_by_account = r.made_by_account or n.made_by_person = r.made_by_person
                    or not exists (
                        select from metering.reconciliation_declined w
                         where w.reconciliation_id = n.reconciliation_id and w.withdrawn)));

-- What somebody is called where people read it: by their address, or by their id where nobody with it is on file. The
-- planner puts the expression in the function's place.
create function people.called(person uuid, email text) returns text language sql immutable parallel safe
    as $$select coalesce(email, 'prs_' || replace(person::text, '-', ''))$$;

-- When a node that has a channel's settings last said that it runs: where none does, notices wait for ever, and
-- somebody is told. A table of its own, since every notice reads the channels, and would wait for a change to their
-- table.
create table compensation.notice_served (
    way       text primary key check (way in ('email', 'webhook')),
    served_at timestamptz not null
);
