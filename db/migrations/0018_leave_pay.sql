-- Leave is paid or not. Leave that is on file counts as paid. The digests of people's spans are made anew, at about
-- 20,000 a second, while nothing else is locked but these.

alter table people.person_span add column leave_pay text check (leave_pay in ('paid', 'unpaid'));
update people.person_span set leave_pay = 'paid' where leave is not null;
select kernel.redigest('people.person_span');
alter table people.person_span add constraint person_span_leave_check check ((leave is null) = (leave_pay is null));

select kernel.guard('people.person_span',
    changing => array['team', 'role', 'level', 'country', 'legal_entity', 'cost_centre', 'manager_id', 'base_pay_cents',
        'total_pay_cents', 'currency', 'employment', 'part_time_bp', 'leave', 'leave_pay', 'time_zone'],
    removable => true);

create or replace function people.begin_spans() returns trigger language plpgsql
    set search_path to 'pg_catalog' as $$
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
        total_pay_cents, currency, employment, part_time_bp, leave, leave_pay, time_zone)
    select person_id, hired_on, team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents,
           total_pay_cents, currency, employment, part_time_bp, leave, leave_pay, time_zone
      from late;
    return null;
end
$$;

create or replace view people.v_person_span as
    select person_id, starts_on,
           lead(starts_on) over (partition by person_id order by starts_on) - 1 as ends_on,
           team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents, total_pay_cents, currency,
           employment, part_time_bp, leave, time_zone, leave_pay
      from people.person_span;

drop function people.person_at(date);
create function people.person_at(day date) returns table (
    person_id uuid, email text, name text, team text, role text, level text, country character(2), cost_centre text,
    hired_on date, left_on date, base_pay_cents bigint, total_pay_cents bigint, currency character(3), is_bot boolean,
    legal_entity text, manager_id uuid, employment text, part_time_bp integer, leave text, leave_pay text,
    time_zone text, starts_on date
) language sql stable parallel safe rows 10000 as $$
    select p.person_id, p.email, p.name, s.team, s.role, s.level, s.country, s.cost_centre, p.hired_on, p.left_on,
           s.base_pay_cents, s.total_pay_cents, s.currency, p.is_bot, s.legal_entity, s.manager_id, s.employment,
           s.part_time_bp, s.leave, s.leave_pay, s.time_zone, s.starts_on
      from people.person p
     cross join lateral (
        select o.* from people.person_span o
         where o.person_id = p.person_id and o.starts_on <= greatest(day, p.hired_on)
         order by o.starts_on desc
         limit 1) s
$$;

-- Days of unpaid leave; the last one is null where none is known. What a first span says holds before its day too, but
-- nobody is employed then.
create index person_span_unpaid on people.person_span (person_id, starts_on) where leave_pay = 'unpaid';
create view people.v_unpaid_leave as
    select s.person_id, s.starts_on as first_day,
           (select min(n.starts_on) - 1 from people.person_span n
             where n.person_id = s.person_id and n.starts_on > s.starts_on) as last_day
      from people.person_span s
     where s.leave_pay = 'unpaid';
