-- In the commit of their transfers.
with locked as ( -- in key order, as all that lock several
    select u.wallet_id, u.batch_id
      from unnest($1::uuid[], $2::uuid[]) as x (wallet_id, batch_id)
      join metering.unsettled u on u.wallet_id = x.wallet_id and u.batch_id = x.batch_id
     order by u.wallet_id, u.batch_id
       for update of u
)
delete from metering.unsettled u
 using locked l
 where u.wallet_id = l.wallet_id and u.batch_id = l.batch_id
