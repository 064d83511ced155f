-- Grants of which something may vest or be forfeited by $1: their day has come, or their owner has left. Whose
-- departure waits gets nothing that vests after the last day that it names (held_after), until it is decided.
select v.run_id, v.line, v.vested_milli, v.next_on, l.person_id, l.kind, l.term, l.amount_milli, l.vest_from, l.asset,
       e.lot, r.plan_id, p.left_on, d.last_day as held_after,
       array(select f.kind || ' ' || f.happened_on || ' ' || f.condition_id || ' ' || coalesce(f.amount_milli::text, '')
               from compensation.vesting_fact f
              where f.run_id = v.run_id and f.line = v.line and f.approved_at is not null
              order by f.happened_on, f.fact_id) as facts
  from compensation.vesting v
  join compensation.grant_line l on l.run_id = v.run_id and l.line = v.line
  join compensation.grant_run r on r.run_id = v.run_id
  join ledger.v_entry e on e.wallet_id = l.person_id and e.key = l.key and e.from_account = ledger.account_elsewhere()
  left join people.v_person p on p.person_id = l.person_id
  left join people.v_departure d
    on d.person_id = l.person_id and d.outcome is null and not d.is_held and p.left_on is null
 where v.next_on is not null and (v.next_on <= $1 or p.left_on < $1) and (v.run_id, v.line) > ($2, $3)
 order by v.run_id, v.line
 limit $4
