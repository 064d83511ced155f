-- Calls that were settled by estimate and not corrected since, by provider. The index request_estimated has no others.
select r.provider, count(*) as calls, least(sum(r.cost_milli), 9223372036854775807)::bigint as cost_milli
  from metering.request r
 where r.state = metering.state_estimated() and r.started_at >= $1
   and not exists (
    select from metering.correction c
     where c.wallet_id = r.wallet_id and c.started_at = r.started_at and c.request_id = r.request_id)
 group by r.provider
 order by calls desc, r.provider
 limit 20
