-- What is true of people has dates of effect: a row of people.person_span for each time something changed. People who
-- are on file get one span each, from the day they were hired on, which writes them once: about 20,000 a second.
-- Nothing else is locked.

create table people.person_span (
    person_id       uuid not null references people.person,
    -- Holds until the day before the person's next span; the first one also for any day before it.
    starts_on       date not null,
    team            text not null references people.team (path),
    role            text not null,
    level           text not null check (level ~ '^L([1-9]|10)$'),
    country         character(2) not null,
    legal_entity    text check (legal_entity <> ''),
    cost_centre     text not null,
    manager_id      uuid references people.person,
    base_pay_cents  bigint not null check (base_pay_cents >= 0),
    total_pay_cents bigint not null,
    currency        character(3) not null,
    employment      text not null default 'employee' check (employment in ('employee', 'contractor')),
    -- Of full time, in hundredths of a percent.
    part_time_bp    integer not null default 10000 check (part_time_bp between 1 and 10000),
    leave           text check (leave ~ '^[a-z][a-z0-9_-]{0,39}$'),
    time_zone       text check (time_zone <> ''),
    digest          bytea not null default '',
    primary key (person_id, starts_on),
    check (total_pay_cents >= base_pay_cents),
    check (manager_id <> person_id)
);

create index person_span_manager on people.person_span (manager_id) where manager_id is not null;

select kernel.guard('people.person_span',
    changing => array['team', 'role', 'level', 'country', 'legal_entity', 'cost_centre', 'manager_id', 'base_pay_cents',
        'total_pay_cents', 'currency', 'employment', 'part_time_bp', 'leave', 'time_zone'],
    removable => true);

insert into people.person_span (
    person_id, starts_on, team, role, level, country, cost_centre, base_pay_cents, total_pay_cents, currency)
select person_id, hired_on, team, role, level, country, cost_centre, base_pay_cents, total_pay_cents, currency
  from people.person;

-- Who said that something is so from a day on, and when. What somebody had when they came on file is no change.
create table people.span_change (
    change_id       uuid primary key,
    person_id       uuid not null references people.person,
    from_on         date not null,
    until_on        date check (until_on >= from_on),
    parts           text[] not null check (cardinality(parts) > 0),
    made_at         timestamptz not null,
    made_by         text not null check (made_by <> ''),
    made_by_account uuid,
    made_by_person  uuid,
    digest          bytea not null default ''
);

create index span_change_person on people.span_change (person_id, from_on);

select kernel.guard('people.span_change', removable => false);

create view people.v_span_change as
    select change_id, person_id, from_on, until_on, parts, made_at, made_by, made_by_account, made_by_person
      from people.span_change;

-- Nobody is on file without a span, and nobody's first one begins after they were hired.
create function people.begin_spans() returns trigger language plpgsql set search_path to 'pg_catalog' as $$
begin
    if tg_op = 'INSERT' then
        insert into people.person_span (
            person_id, starts_on, team, role, level, country, cost_centre, base_pay_cents, total_pay_cents, currency)
        select person_id, hired_on, team, role, level, country, cost_centre, base_pay_cents, total_pay_cents, currency
          from after;
        return null;
    end if;

    with late as (
        delete from people.person_span s using after a
         where s.person_id = a.person_id and s.starts_on > a.hired_on
           and not exists (
                select from people.person_span e where e.person_id = s.person_id and e.starts_on < s.starts_on)
        returning a.hired_on, s.*)
    insert into people.person_span (
        person_id, starts_on, team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents,
        total_pay_cents, currency, employment, part_time_bp, leave, time_zone)
    select person_id, hired_on, team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents,
           total_pay_cents, currency, employment, part_time_bp, leave, time_zone
      from late;
    return null;
end
$$;

create trigger begin_spans after insert on people.person referencing new table as after
    for each statement execute function people.begin_spans();
create trigger begin_spans_earlier after update on people.person referencing new table as after
    for each statement execute function people.begin_spans();

create view people.v_person_span as
    select person_id, starts_on,
           lead(starts_on) over (partition by person_id order by starts_on) - 1 as ends_on,
           team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents, total_pay_cents, currency,
           employment, part_time_bp, leave, time_zone
      from people.person_span;

-- Everybody as they were, or will be, on a day; the planner puts the query in the function's place. Whoever is not
-- hired by then is as they will be on their first day.
create function people.person_at(day date) returns table (
    person_id uuid, email text, name text, team text, role text, level text, country character(2), cost_centre text,
    hired_on date, left_on date, base_pay_cents bigint, total_pay_cents bigint, currency character(3), is_bot boolean,
    legal_entity text, manager_id uuid, employment text, part_time_bp integer, leave text, time_zone text,
    starts_on date
) language sql stable parallel safe rows 10000 as $$
    select p.person_id, p.email, p.name, s.team, s.role, s.level, s.country, s.cost_centre, p.hired_on, p.left_on,
           s.base_pay_cents, s.total_pay_cents, s.currency, p.is_bot, s.legal_entity, s.manager_id, s.employment,
           s.part_time_bp, s.leave, s.time_zone, s.starts_on
      from people.person p
     cross join lateral (
        select o.* from people.person_span o
         where o.person_id = p.person_id and o.starts_on <= greatest(day, p.hired_on)
         order by o.starts_on desc
         limit 1) s
$$;

-- Those who are somebody's, directly or through others, on a day.
create function people.under(manager uuid, day date) returns table (person_id uuid) language sql stable as $$
    with recursive below as (
        select p.person_id
          from people.person_span s
          join people.person p using (person_id)
         where s.manager_id = manager and s.starts_on <= greatest(day, p.hired_on)
           and not exists (
                select from people.person_span n
                 where n.person_id = s.person_id and n.starts_on > s.starts_on
                   and n.starts_on <= greatest(day, p.hired_on))
         union
        select p.person_id
          from below b
          join people.person_span s on s.manager_id = b.person_id
          join people.person p on p.person_id = s.person_id
         where s.starts_on <= greatest(day, p.hired_on)
           and not exists (
                select from people.person_span n
                 where n.person_id = s.person_id and n.starts_on > s.starts_on
                   and n.starts_on <= greatest(day, p.hired_on))
    )
    select b.person_id from below b
$$;

-- Whether somebody is another's, directly or through others, on a day; nobody is their own.
create function people.is_under(manager uuid, person uuid, day date) returns boolean language sql stable as $$
    with recursive above as (
        select s.manager_id from people.person_at(day) s where s.person_id = person
         union
        select s.manager_id from above a join people.person_at(day) s on s.person_id = a.manager_id
    )
    select manager <> person and exists (select from above where manager_id = manager)
$$;
