-- Claims, newest first: one ($1), a person's ($2), those not decided ($3), those of a receipt ($4).
-- Of everybody's those that wait come first, the oldest on top: whatever is cut off, they can be decided.
select c.claim_id, c.person_id, coalesce(p.email, '') as email, c.vendor, c.service, c.spent_on, c.amount_cents,
       c.currency, c.purpose, c.receipt, c.content_type, c.notice_days, c.filed_at, c.is_approved, c.reason,
       c.decided_by, c.decided_at,
       array(select o.claim_id from compensation.v_claim o
              where o.person_id = c.person_id and o.claim_id <> c.claim_id and o.is_approved is distinct from false
                and lower(o.vendor) = lower(c.vendor) and o.spent_on = c.spent_on and o.amount_cents = c.amount_cents
                and o.currency = c.currency order by o.filed_at) as alike,
       c.decided_by, c.decided_by_account, c.decided_by_person, coalesce(p.name, '') as name
  from compensation.v_claim c
  left join people.v_person p on p.person_id = c.person_id
 where ($1::uuid is null or c.claim_id = $1) and ($2::uuid is null or c.person_id = $2)
   and (not $3::boolean or c.is_approved is null) and ($4::bytea is null or c.receipt = $4)
 order by $2::uuid is null and c.is_approved is null desc,
       case when $2::uuid is null and c.is_approved is null then c.filed_at end, c.filed_at desc, c.claim_id
 limit $5
