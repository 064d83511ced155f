-- Grants, what vested of them and what was revoked in [$2, $3), of classes ($4) that count as pay then, which a layout
-- ($1) has not had. $5: the kind of identity that payroll knows people by.
select e.transfer_id, e.lot, e.kind, e.at, e.amount_milli,
       (select coalesce(sum(b.amount_milli), 0)::bigint from ledger.v_entry b
         where b.wallet_id = e.wallet_id and b.lot = e.lot and b.kind = ledger.kind_vest() and b.seq < e.seq)
           as vested_before,
       v.tax_class, v.granted_milli, v.usd_nanos, v.currency, v.rate_nanos, v.source,
       p.person_id, p.email, p.name, p.role, p.country, i.value as employee_id
  from ledger.v_entry e
  join compensation.v_lot_value v on v.wallet_id = e.wallet_id and v.lot = e.lot
  join people.v_person p on p.person_id = e.wallet_id
  left join people.v_identity i on i.person_id = p.person_id and i.kind = $5
 where e.kind in (ledger.kind_grant(), ledger.kind_revoke(), ledger.kind_award(), ledger.kind_vest(),
                  ledger.kind_forfeit())
   and e.lot > 0 and e.at >= $2 and e.at < $3 and v.tax_class = any ($4)
   and not exists (
    select from compensation.v_payroll_export_line x
     where x.layout = $1 and x.source in ('grant', 'vest') and x.source_id = e.transfer_id and x.lot = e.lot)
