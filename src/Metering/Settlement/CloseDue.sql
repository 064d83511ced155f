-- Closes batches of a holder that were opened until $2, or in the future by a clock that was put back since ($3), the
-- oldest first, after a place ($4 to $6) in their order; those that were closed before are named again.
update metering.unsettled u set closed = true
 where (u.wallet_id, u.batch_id) in (
    select wallet_id, batch_id from metering.unsettled
     where holder = $1 and (opened_at <= $2 or opened_at > $3) and (opened_at, wallet_id, batch_id) > ($4, $5, $6)
     order by opened_at, wallet_id, batch_id
     limit $7)
returning u.wallet_id, u.batch_id, u.opened_at
