-- Closes the batches of some wallets, of one holder where it is named; those that were closed before are named again.
update metering.unsettled set closed = true
 where wallet_id = any ($1::uuid[]) and ($2::uuid is null or holder = $2)
returning wallet_id, batch_id, opened_at
