-- Closes the batches of some wallets, of one holder where it is named; those that were closed before are named again.
with locked as ( -- in key order, as all that lock several
    select wallet_id, batch_id, opened_at
      from metering.unsettled
     where wallet_id = any ($1::uuid[]) and ($2::uuid is null or holder = $2)
     order by wallet_id, batch_id
       for no key update
), closed as (
    update metering.unsettled u set closed = true
      from locked l
     where u.wallet_id = l.wallet_id and u.batch_id = l.batch_id and not u.closed
)
select wallet_id, batch_id, opened_at from locked
