-- Further requests of batches, unless they were closed or booked meanwhile: the wallets whose batches took theirs.
update metering.unsettled u
   set charged_milli = u.charged_milli + x.charged_milli, requests = u.requests + x.requests,
       first_started_at = least(u.first_started_at, x.first_started_at)
  from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::bigint[], $5::bigint[])
       as x (wallet_id, batch_id, first_started_at, charged_milli, requests)
 where u.wallet_id = x.wallet_id and u.batch_id = x.batch_id and not u.closed
returning u.wallet_id
