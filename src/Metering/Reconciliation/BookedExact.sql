-- What was booked for sure (where only the price is doubtful, the tokens are sure), by model, that of several models by
-- each of them; and between which two buckets a call lay: place 0 is none of them. One pass, since a report may have
-- 1,440 buckets a day.
with row as (
    select width_bucket(r.started_at, $2::timestamptz[]) as begun,
           width_bucket(r.ended_at, $2::timestamptz[]) as done, r.wallet_id, r.request_id, r.started_at, r.ended_at,
           coalesce(p.name, r.model) as model, coalesce(p.input, r.input) as input,
           coalesce(p.cached_input, r.cached_input) as cached_input,
           coalesce(p.cache_write_5m, r.cache_write_5m) as cache_write_5m,
           coalesce(p.cache_write_1h, r.cache_write_1h) as cache_write_1h, coalesce(p.output, r.output) as output,
           case when p.part is null then r.cost_nanos else ceil(p.cost_femto / 1000000) end as cost_nanos
      from metering.request r
      left join metering.request_part p
        on p.wallet_id = r.wallet_id and p.started_at = r.started_at and p.request_id = r.request_id
       and p.kind = metering.part_tokens()
     where r.provider = $1
       and (r.state in (metering.state_settled(), metering.state_provisional(), metering.state_unpriced())
            or p.part is not null)
       and r.source <> metering.source_tuning() -- reports tell training apart
       and r.started_at >= ($2::timestamptz[])[1] - interval '1 day'
       and r.started_at < ($3::timestamptz[])[cardinality($3::timestamptz[])]
), placed as (
    select case when begun > 0 and started_at < ($3::timestamptz[])[begun] then begun else 0 end as first,
           case when done > 0 and ended_at < ($3::timestamptz[])[done] then done else 0 end as last, row.*
      from row
)
select p.model, p.first, p.last, count(*) filter (where p.input + p.cached_input + p.output > 0) as calls,
       sum(p.input)::bigint as input, sum(p.cached_input)::bigint as cached_input,
       sum(p.cache_write_5m)::bigint as cache_write_5m, sum(p.cache_write_1h)::bigint as cache_write_1h,
       sum(p.output)::bigint as output, sum(p.cost_nanos)::bigint as cost_nanos
  from placed p
 where p.first > 0 or p.last > 0
 group by 1, 2, 3;
