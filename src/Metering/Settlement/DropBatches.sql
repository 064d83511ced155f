-- In the commit of their transfers.
delete from metering.unsettled u
 using unnest($1::uuid[], $2::uuid[]) as x (wallet_id, batch_id)
 where u.wallet_id = x.wallet_id and u.batch_id = x.batch_id
