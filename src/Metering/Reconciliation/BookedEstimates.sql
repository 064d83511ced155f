-- What was booked by estimate, call by call, with what a correction has made of it since. A lost call has no provider.
with row as (
    select width_bucket(r.started_at, $2::timestamptz[]) as begun,
           width_bucket(r.ended_at, $2::timestamptz[]) as done, r.*
      from metering.request r
     where (r.provider = $1 or r.provider = '')
       and r.state = metering.state_estimated() and r.source <> metering.source_tuning()
       and not exists ( -- of several parts: what is estimated of it cannot be told apart
        select from metering.request_part p
         where p.wallet_id = r.wallet_id and p.started_at = r.started_at and p.request_id = r.request_id)
       and r.started_at >= ($2::timestamptz[])[1] - interval '1 day'
       and r.started_at < ($3::timestamptz[])[cardinality($3::timestamptz[])]
)
select case when begun > 0 and row.started_at < ($3::timestamptz[])[begun] then begun else 0 end as first,
       case when done > 0 and ended_at < ($3::timestamptz[])[done] then done else 0 end as last,
       row.wallet_id, row.request_id, row.started_at, row.model, row.provider, row.price_id,
       row.token_value_nanos, row.input, row.cached_input, row.cache_write_5m, row.cache_write_1h, row.output,
       row.reasoning, row.cost_milli, row.held_milli, row.settled_by,
       coalesce(c.version, 0) as version, coalesce(c.input, row.input) as now_input,
       coalesce(c.cached_input, row.cached_input) as now_cached_input,
       coalesce(c.cache_write_5m, row.cache_write_5m) as now_cache_write_5m,
       coalesce(c.cache_write_1h, row.cache_write_1h) as now_cache_write_1h,
       coalesce(c.output, row.output) as now_output, coalesce(c.cost_nanos, row.cost_nanos) as now_cost_nanos,
       coalesce(c.charged_milli, row.charged_milli) as now_charged_milli
  from row
  left join lateral (
    select * from metering.correction k
     where k.wallet_id = row.wallet_id and k.started_at = row.started_at and k.request_id = row.request_id
     order by k.version desc limit 1) c on true
 order by row.request_id
 limit $4;
