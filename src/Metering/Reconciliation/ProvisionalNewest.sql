-- Parts that their prices did not cover in some days, newest first.
select p.request_id, p.started_at, r.model, p.name, p.doubts,
       p.input + p.cached_input + p.cache_write_5m + p.cache_write_1h + p.output as tokens, p.uses,
       ceil(p.cost_femto / 1000000)::bigint as cost_nanos
  from metering.request_part p
  join metering.request r using (wallet_id, started_at, request_id)
 where p.doubts <> 0 and p.started_at >= $1 and p.started_at < $2
 order by p.started_at desc, p.request_id, p.part
 limit $3;
