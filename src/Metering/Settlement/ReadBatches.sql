-- Closed batches, each with what its rows of the journal say.
select u.wallet_id, u.batch_id, u.holder, u.charged_milli, u.requests,
       coalesce(r.charged_milli, 0) as rows_milli, r.requests as rows, r.evidence
  from unnest($1::uuid[], $2::uuid[]) as x (wallet_id, batch_id)
  join metering.unsettled u on u.wallet_id = x.wallet_id and u.batch_id = x.batch_id
 cross join lateral (
    select sum(r.charged_milli)::bigint as charged_milli, count(*) as requests,
           sha256(string_agg(r.digest, ''::bytea order by r.request_id)) as evidence
      from metering.request r
     where r.wallet_id = u.wallet_id and r.started_at >= u.first_started_at and r.settled_by = u.batch_id) r
