select case kind when 'people' then 'what is on file of the person' else made end as made, decided_at
  from approvals.v_input_alone i
 where case
       when kind = 'plan' then exists (
           select from compensation.v_grant g join compensation.v_grant_run r on r.run_id = g.run_id
            where g.person_id = $3 and r.plan_id = i.made_id and g.posted_at < $2
              and (g.expires_at is null or g.expires_at > $1))
       when kind in ('conversion_terms', 'payroll_settings', 'token_value') then
           effective_from < $2 and (effective_until is null or effective_until > $1)
           or exists (
               select from compensation.v_conversion c
                where c.person_id = $3 and c.terms_id = i.made_id and c.requested_at < $2
                  and greatest(c.at, (select max(p.pay_on) from compensation.v_pay_line p
                                       where p.conversion_id = c.conversion_id)) >= $1)
           or exists (
               select from compensation.v_claim c
                where c.person_id = $3 and c.terms_id = i.made_id and c.filed_at < $2
                  and greatest(c.filed_at, c.decided_at, (select max(p.pay_on) from compensation.v_pay_line p
                                                           where p.claim_id = c.claim_id)) >= $1)
       when kind = 'gateway_policy' then effective_from < $2 and (effective_until is null or effective_until > $1)
       when kind = 'people' then effective_from < $2 and exists (
           select from approvals.v_input p where p.input_id = i.input_id and $3 = any (p.reaches))
       else false end
 order by decided_at, made
