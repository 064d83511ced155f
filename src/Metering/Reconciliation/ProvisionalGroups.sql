-- What prices did not cover in some days, by what it was.
select r.model, p.name, coalesce(b.model, '') as priced_as, p.doubts, count(distinct p.request_id) as calls,
       sum(p.input + p.cached_input + p.cache_write_5m + p.cache_write_1h + p.output)::bigint as tokens,
       least(sum(p.uses), 9223372036854775807)::bigint as uses, ceil(sum(p.cost_femto) / 1000000)::bigint as cost_nanos
  from metering.request_part p
  join metering.request r using (wallet_id, started_at, request_id)
  left join pricing.v_price b on b.id = p.price_id
 where p.doubts <> 0 and p.started_at >= $1 and p.started_at < $2
 group by 1, 2, 3, 4
 order by calls desc, 1, 2
 limit $3;
