-- What is open must be in its holder's escrow; a stray opening has no escrow behind it.
select format('wallet_id=%s, holder=%s', o.wallet_id, o.holder),
       format('%s open requests hold %s milli-tokens, but %s are in escrow', count(*), sum(o.held_milli),
              coalesce(max(e.amount_milli), 0))
  from metering.opening o
  left join ledger.v_escrow e on e.wallet_id = o.wallet_id and e.holder = o.holder and e.asset = 1
 where not exists (
    select from metering.request r
     where r.wallet_id = o.wallet_id and r.started_at = o.started_at and r.request_id = o.request_id)
 group by o.wallet_id, o.holder
having sum(o.held_milli) > coalesce(max(e.amount_milli), 0);
