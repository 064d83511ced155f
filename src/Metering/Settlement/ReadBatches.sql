-- Closed batches, each with what its rows of the journal say.
select u.wallet_id, u.batch_id, u.holder, u.charged_milli, r.evidence,
       coalesce((r.charged_milli, r.requests) = (u.charged_milli, u.requests) and r.is_holders, false) as is_whole
  from unnest($1::uuid[], $2::uuid[]) as x (wallet_id, batch_id)
  join metering.unsettled u on u.wallet_id = x.wallet_id and u.batch_id = x.batch_id
 cross join lateral (
    select sum(r.charged_milli)::bigint as charged_milli, count(*) as requests,
           bool_and(r.holder = u.holder) as is_holders,
           sha256(string_agg(r.digest, ''::bytea order by r.request_id)) as evidence
      from metering.request r
     where r.wallet_id = u.wallet_id and r.started_at >= u.first_started_at and r.settled_by = u.batch_id) r
