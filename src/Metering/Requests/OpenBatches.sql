-- Batches begin with the first request that names them; none does for a holder that was closed.
insert into metering.unsettled (wallet_id, batch_id, holder, opened_at, first_started_at, charged_milli, requests)
select x.wallet_id, x.batch_id, $1, x.opened_at, x.first_started_at, x.charged_milli, x.requests
  from unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::bigint[], $7::bigint[])
       as x (wallet_id, batch_id, opened_at, first_started_at, charged_milli, requests)
 where not exists (select from metering.closed_holder where holder = $1)
