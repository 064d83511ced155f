-- Creates the people of a file, and changes of the others what has no date of effect; returns the ids of all those, and
-- of nobody else. Those who do not differ are left out before the insert, so that a file sent every night costs no
-- writes.
insert into people.person (
    person_id, email, name, team, role, level, country, cost_centre, hired_on, left_on, base_pay_cents,
    total_pay_cents, currency, is_bot)
select r.*
  from unnest(
        $1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::date[],
        $10::date[], $11::bigint[], $12::bigint[], $13::text[], $14::boolean[]) as r (
        person_id, email, name, team, role, level, country, cost_centre, hired_on, left_on, base_pay_cents,
        total_pay_cents, currency, is_bot)
  left join people.person p on p.person_id = r.person_id
 where p.person_id is null
    or (p.email, p.name, p.hired_on, p.left_on, p.is_bot)
    is distinct from (r.email, r.name, r.hired_on, r.left_on, r.is_bot)
on conflict (person_id) do update
   set (email, name, hired_on, left_on, is_bot)
     = (excluded.email, excluded.name, excluded.hired_on, excluded.left_on, excluded.is_bot)
returning person_id
