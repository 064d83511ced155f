-- Grants of who left within the last 400 days that were not looked into yet; or, to see what leaving would come to, of
-- one person ($2) as if they left on a day ($3). What was forfeited or revoked of them
-- before is gone already.
select l.run_id, l.line, l.person_id, l.kind, l.term,
       greatest(coalesce(l.vest_from, (r.period || '-01')::date), p.hired_on) as granted_on,
       coalesce($3::date, p.left_on) as left_on, l.asset,
       e.lot, e.transfer_id,
       v.granted_milli, v.available_milli,
       v.granted_milli - v.available_milli - v.escrow_milli - v.spent_milli - v.expired_milli - v.unvested_milli
           - v.locked_milli - v.converted_milli as gone_milli,
       r.plan_id
  from people.v_person p
  join compensation.grant_line l on l.person_id = p.person_id and not l.rehearsal and l.live
  join compensation.grant_run r on r.run_id = l.run_id
  join ledger.v_entry e on e.wallet_id = l.person_id and e.key = l.key and e.from_account = ledger.account_elsewhere()
  join ledger.v_lot v on v.wallet_id = l.person_id and v.lot = e.lot
 where (p.left_on < $1 and p.left_on >= $1 - 400 and $2::uuid is null or p.person_id = $2)
   and not exists (select from compensation.clawback c where c.run_id = l.run_id and c.line = l.line)
 order by l.run_id, l.line
