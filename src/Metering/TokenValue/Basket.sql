-- What was used in a period, by the model of the price it was booked at; calls past that price's long-context threshold
-- apart, since all of such a call is at other prices.
select p.model,
       coalesce(r.input + r.cached_input + r.cache_write_5m + r.cache_write_1h > p.tier_over, false) as is_long,
       sum(r.input)::bigint as input, sum(r.cached_input)::bigint as cached_input,
       sum(r.cache_write_5m)::bigint as cache_write_5m, sum(r.cache_write_1h)::bigint as cache_write_1h,
       sum(r.output)::bigint as output, count(*) as requests,
       sum(r.audio_input)::bigint as audio_input, sum(r.image_input)::bigint as image_input,
       sum(r.audio_output)::bigint as audio_output, sum(r.image_output)::bigint as image_output
  from metering.v_request r
  join pricing.v_price p on p.id = r.price_id
 where r.started_at >= $1 and r.started_at < $2 and r.source <> 3 -- training has a rate of its own
 group by 1, 2
 order by 1, 2
