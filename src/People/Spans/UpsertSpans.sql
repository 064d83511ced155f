-- Spans that are new, and those that say something else from now on.
insert into people.person_span (
    person_id, starts_on, team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents,
    total_pay_cents, currency, employment, part_time_bp, leave, leave_pay, time_zone)
select *
  from unnest(
        $1::uuid[], $2::date[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::uuid[],
        $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::int[], $15::text[], $16::text[], $17::text[])
on conflict (person_id, starts_on) do update
   set (team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents, total_pay_cents, currency,
        employment, part_time_bp, leave, leave_pay, time_zone)
     = (excluded.team, excluded.role, excluded.level, excluded.country, excluded.legal_entity, excluded.cost_centre,
        excluded.manager_id, excluded.base_pay_cents, excluded.total_pay_cents, excluded.currency, excluded.employment,
        excluded.part_time_bp, excluded.leave, excluded.leave_pay, excluded.time_zone)
