-- What is left of a wallet's ($1) lots before $2, of each asset, at the lots' own value.
select v.asset,
       sum(div(2 * (s.used + s.held)::numeric * v.usd_nanos + v.granted_milli, 2 * v.granted_milli::numeric)
         - div(2 * s.used::numeric * v.usd_nanos + v.granted_milli, 2 * v.granted_milli::numeric))::bigint as nanos
  from (
    select e.lot,
           sum(case when e.to_account = any (ledger.accounts_own()) then e.amount_milli else 0 end
             - case when e.from_account = any (ledger.accounts_own()) then e.amount_milli else 0 end) as held,
           sum(case when e.to_account = any (ledger.accounts_used()) then e.amount_milli else 0 end
             - case when e.from_account = any (ledger.accounts_used()) then e.amount_milli else 0 end) as used
      from ledger.v_entry e
     where e.wallet_id = $1 and e.lot > 0 and e.at < $2
     group by e.lot) s
  join compensation.v_lot_value v on v.wallet_id = $1 and v.lot = s.lot
 group by v.asset
