-- Leaving ends access at once and burns nothing (ADR 0051). Only new tables, a view that has one column more, and two
-- triggers, so that nothing is locked for long. The digest of a row is over all its columns, so that people have no new
-- one.

-- Whose access has ended before their last day, which HR says. The row goes when access is given back.
create table people.access_end (
    person_id uuid primary key references people.person,
    ended_at  timestamptz not null,
    ended_by  text not null check (length(ended_by) between 1 and 300),
    digest    bytea not null default ''
);

-- That somebody leaves, where HR has not said so: what they lose by it is proposed, and falls by HR's date, by approval
-- or after a grace.
create table people.departure (
    departure_id       uuid primary key,
    person_id          uuid not null references people.person,
    -- The last day of employment, as it would be.
    last_day           date not null,
    reason             text not null check (length(reason) between 1 and 1000),
    asked_by           text not null,
    asked_by_account   uuid,
    asked_by_person    uuid,
    asked_at           timestamptz not null,
    -- Access has not ended: too many left within an hour, and somebody must say whether that is so.
    was_held           boolean not null,
    confirmed_at       timestamptz,
    -- When it falls by itself; null: it is held.
    falls_at           timestamptz,
    outcome            text check (outcome in ('approved', 'declined', 'withdrawn', 'hr', 'grace', 'returned')),
    decided_by         text,
    decided_by_account uuid,
    decided_by_person  uuid,
    decided_at         timestamptz,
    decided_reason     text,
    digest             bytea not null default '',
    check ((outcome is null) = (decided_at is null) and (outcome is null) = (decided_by is null)),
    check (confirmed_at is null or was_held),
    check ((falls_at is null) = (was_held and confirmed_at is null))
);

create unique index departure_waits on people.departure (person_id) where outcome is null;

create index departure_person on people.departure (person_id);

-- Those of the last hour are counted with each.
create index departure_at on people.departure (asked_at);

select kernel.guard('people.access_end', removable => true);
select kernel.guard('people.departure', changing =>
    '{confirmed_at,falls_at,outcome,decided_by,decided_by_account,decided_by_person,decided_at,decided_reason}');

create view people.v_departure as
    select departure_id, person_id, last_day, reason, asked_by, asked_by_account, asked_by_person, asked_at,
           was_held and confirmed_at is null as is_held, falls_at, outcome, decided_by, decided_by_account,
           decided_by_person, decided_at, decided_reason
      from people.departure;

create or replace view people.v_person as
    select p.person_id, p.email, p.name, p.team, p.role, p.level, p.country, p.cost_centre, p.hired_on, p.left_on,
           p.base_pay_cents, p.total_pay_cents, p.currency, p.is_bot, e.ended_at as access_ended_at
      from people.person p
      left join people.access_end e on e.person_id = p.person_id;

-- On the channel of last days for calls, and on another for pages: whoever hears it reads again what is open to these
-- people.
create function people.tell_access() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
    perform pg_notify(channel, string_agg('prs_' || replace(person_id::text, '-', ''), ' '))
       from (select person_id, (row_number() over () - 1) / 200 as part from changed) as told
      cross join (values ('people_last_days'), ('people_access')) as channels (channel)
      group by channel, part;
    return null;
end
$$;

create trigger tell_access after insert on people.access_end
    referencing new table as changed for each statement execute function people.tell_access();
create trigger tell_access_again after delete on people.access_end
    referencing old table as changed for each statement execute function people.tell_access();

-- Whose access a user of the directory opens.
create table scim.person_link (
    user_id   uuid primary key references scim.user on delete cascade,
    person_id uuid not null,
    linked_at timestamptz not null,
    digest    bytea not null default ''
);

create index person_link_person on scim.person_link (person_id);

select kernel.guard('scim.person_link', removable => true);
