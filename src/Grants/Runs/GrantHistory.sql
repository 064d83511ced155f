-- What people were granted and used before, by person, for one plan and month.
-- $1 plan, $2 month, $3 term of the span, $4 term of the span before, $5 and $6 days of that span, $7 whether use
-- matters, $8 the month's first day
with had as (
    select person_id, array_agg(case kind when 'tier' then 'tier:' || split_part(term, '/', 1) else kind end) as kinds
      from compensation.grant_line
     where not rehearsal and live and plan = $1
       and (term in ($2, $3, 'once') or kind = 'tier' and split_part(term, '/', 2) = $3)
     group by person_id
), unlocked as (
    select person_id, array_agg(tier) as tiers
      from compensation.tier_request
     where plan = $1 and decision = 'approved' and from_on <= $8
     group by person_id
), last_granted as (
    select person_id, sum(amount_milli)::bigint as milli
      from compensation.grant_line
     where $7 and not rehearsal and live and plan = $1 and kind = 'allowance' and term = $4
     group by person_id
), last_used as (
    select wallet_id as person_id, sum(charged_milli)::bigint as milli
      from metering.v_day_total
     where $7 and day between $5 and $6
     group by wallet_id
)
select person_id, coalesce(had.kinds, '{}') as had, coalesce(unlocked.tiers, '{}') as unlocked,
       coalesce(last_granted.milli, 0) as granted_milli, coalesce(last_used.milli, 0) as used_milli
  from had
  full join unlocked using (person_id)
  full join last_granted using (person_id)
  full join last_used using (person_id)
 order by person_id
