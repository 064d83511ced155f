-- Lets people.person say of people what is true on a day ($1): of some ($2), or of everybody (null).
update people.person p
   set (team, role, level, country, cost_centre, base_pay_cents, total_pay_cents, currency)
     = (s.team, s.role, s.level, s.country, s.cost_centre, s.base_pay_cents, s.total_pay_cents, s.currency)
  from people.person_at($1) s
 where s.person_id = p.person_id and ($2::uuid[] is null or p.person_id = any($2))
   and (p.team, p.role, p.level, p.country, p.cost_centre, p.base_pay_cents, p.total_pay_cents, p.currency)
    is distinct from
       (s.team, s.role, s.level, s.country, s.cost_centre, s.base_pay_cents, s.total_pay_cents, s.currency)
