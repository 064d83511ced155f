-- Creates the people of a file, and changes of the others what has no date of effect; returns the ids of all those, and
-- of nobody else. Those who do not differ are left out before the insert, so that a file sent every night costs no
-- writes. A blank last day says nothing where a departure set the one that is there (ADR 0051): it stays.
insert into people.person (
    person_id, email, name, team, role, level, country, cost_centre, hired_on, left_on, base_pay_cents,
    total_pay_cents, currency, is_bot)
select r.*
  from (
        select s.person_id, s.email, s.name, s.team, s.role, s.level, s.country, s.cost_centre, s.hired_on,
               coalesce(s.left_on, (
                    select greatest(o.left_on, s.hired_on)
                      from people.person o
                     where o.person_id = s.person_id and o.left_on is not null and exists (
                            select from people.departure d
                             where d.person_id = o.person_id and d.outcome in ('approved', 'grace')
                               and o.left_on = greatest(d.last_day, o.hired_on)))) as left_on,
               s.base_pay_cents, s.total_pay_cents, s.currency, s.is_bot
          from unnest(
                $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                $9::date[], $10::date[], $11::bigint[], $12::bigint[], $13::text[], $14::boolean[]) as s (
                person_id, email, name, team, role, level, country, cost_centre, hired_on, left_on, base_pay_cents,
                total_pay_cents, currency, is_bot)) as r
  left join people.person p on p.person_id = r.person_id
 where p.person_id is null
    or (p.email, p.name, p.hired_on, p.left_on, p.is_bot)
    is distinct from (r.email, r.name, r.hired_on, r.left_on, r.is_bot)
on conflict (person_id) do update
   set (email, name, hired_on, left_on, is_bot)
     = (excluded.email, excluded.name, excluded.hired_on, excluded.left_on, excluded.is_bot)
returning person_id
