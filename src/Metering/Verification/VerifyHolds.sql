-- What is open is covered by escrow of its holder. Not necessarily all of it: what a request did not use is held again
-- for the next one before its closing is booked.
select format('wallet_id=%s, holder=%s', o.wallet_id, o.holder) as row,
       format('%s open requests hold %s milli-tokens, but nothing is in escrow', count(*), sum(o.held_milli))
           as problem
  from metering.opening o
  left join metering.v_escrow_left e on e.wallet_id = o.wallet_id and e.holder = o.holder
 where not exists (
    select from metering.request r
     where r.wallet_id = o.wallet_id and r.started_at = o.started_at and r.request_id = o.request_id)
 group by o.wallet_id, o.holder
having sum(o.held_milli) > 0 and coalesce(max(e.amount_milli), 0) <= 0;
