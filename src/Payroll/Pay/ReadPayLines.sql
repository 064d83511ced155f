-- Pay lines, newest first: one ($1), a person's ($2), those to pay in a span of days ($3 to $4), before one ($5).
select l.pay_line_id, l.person_id, coalesce(p.email, '') as email, l.kind, l.form, l.tax_class, l.amount, l.currency,
       l.unit, l.pay_on, l.explanation, l.notice_id, l.conversion_id, l.claim_id, l.corrects, l.created_at,
       l.approved_by
  from compensation.v_pay_line l
  left join people.v_person p on p.person_id = l.person_id
 where ($1::uuid is null or l.pay_line_id = $1) and ($2::uuid is null or l.person_id = $2)
   and ($3::date is null or l.pay_on >= $3) and ($4::date is null or l.pay_on <= $4)
   and ($5::uuid is null or (l.created_at, l.pay_line_id) < (
        select b.created_at, b.pay_line_id from compensation.v_pay_line b where b.pay_line_id = $5))
 order by l.created_at desc, l.pay_line_id desc
 limit $6
