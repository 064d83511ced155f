-- Everybody employed on at least one day of a span ($1 to $2), by id, as they were on its first day or on the first of
-- their employment, with the days from then on on which they are on unpaid leave.
with away as (
    select u.person_id, array_agg(u.first_day order by u.first_day) as unpaid_from,
           array_agg(coalesce(u.last_day, '9999-12-31') order by u.first_day) as unpaid_to
      from people.v_unpaid_leave u
     where u.last_day is null or u.last_day >= $1
     group by u.person_id)
select s.person_id, s.email, s.name, s.team, s.role, s.level, s.country, s.cost_centre, s.hired_on, s.left_on,
       s.base_pay_cents, s.total_pay_cents, s.currency, s.is_bot, s.legal_entity, s.manager_id, s.employment,
       s.part_time_bp, s.leave, s.leave_pay, s.time_zone,
       (select m.email from people.v_person m where m.person_id = s.manager_id) as manager_email,
       a.unpaid_from, a.unpaid_to
  from people.person_at($1) s
  left join away a on a.person_id = s.person_id
 where s.hired_on <= $2 and (s.left_on is null or s.left_on >= $1)
 order by s.person_id
