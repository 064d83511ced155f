-- Closes batches of a holder that were opened until $2, or in the future by a clock that was put back since ($3), the
-- oldest first, after a place ($4 to $6) in their order; those that were closed before are named again, and those that
-- somebody booked meanwhile, so that a short page is the last.
with page as (
    select wallet_id, batch_id, opened_at
      from metering.unsettled
     where holder = $1 and (opened_at <= $2 or opened_at > $3) and (opened_at, wallet_id, batch_id) > ($4, $5, $6)
     order by opened_at, wallet_id, batch_id
     limit $7
), locked as ( -- in key order, as all that lock several
    select u.wallet_id, u.batch_id
      from page
      join metering.unsettled u on u.wallet_id = page.wallet_id and u.batch_id = page.batch_id
     order by u.wallet_id, u.batch_id
       for no key update of u
), closed as (
    update metering.unsettled u set closed = true
      from locked l
     where u.wallet_id = l.wallet_id and u.batch_id = l.batch_id and not u.closed
)
select wallet_id, batch_id, opened_at from page
