-- What is left of the allowances that came before those of one chunk, by line and in spending order.
select l.line, l.person_id, l.amount_milli, l.asset, v.lot, v.available_milli
  from compensation.grant_line l
  join compensation.grant_line o on o.person_id = l.person_id and o.plan = l.plan and o.kind in ('allowance', 'tier')
                                and o.run_id <> l.run_id and o.live and not o.rehearsal and o.asset = l.asset
  join ledger.v_entry n on n.wallet_id = l.person_id and n.key = l.key and n.from_account = ledger.account_elsewhere()
  join ledger.v_entry e
    on e.wallet_id = o.person_id and e.key = o.key and e.from_account = ledger.account_elsewhere() and e.seq < n.seq
  join ledger.v_lot v on v.wallet_id = o.person_id and v.lot = e.lot
 where l.run_id = $1 and l.chunk = $2 and l.kind = 'allowance' and v.available_milli > 0
 order by l.line, v.expires_at nulls last, v.lot
