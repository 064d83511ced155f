-- What was used in a period, by the model of the price it was booked at, each run of a call of several by its own; runs
-- past that price's long-context threshold apart, since all of such a run is at other prices.
with run as (
    select coalesce(p.price_id, r.price_id) as price_id, coalesce(p.input, r.input) as input,
           coalesce(p.cached_input, r.cached_input) as cached_input,
           coalesce(p.cache_write_5m, r.cache_write_5m) as cache_write_5m,
           coalesce(p.cache_write_1h, r.cache_write_1h) as cache_write_1h, coalesce(p.output, r.output) as output,
           coalesce(p.audio_input, r.audio_input) as audio_input, coalesce(p.image_input, r.image_input) as image_input,
           coalesce(p.audio_output, r.audio_output) as audio_output,
           coalesce(p.image_output, r.image_output) as image_output
      from metering.v_request r
      left join metering.v_request_part p
        on p.wallet_id = r.wallet_id and p.started_at = r.started_at and p.request_id = r.request_id
       and p.kind = metering.part_tokens()
     where r.started_at >= $1 and r.started_at < $2
       and r.source <> metering.source_tuning() -- training has a rate of its own
)
select p.model,
       coalesce(r.input + r.cached_input + r.cache_write_5m + r.cache_write_1h > p.tier_over, false) as is_long,
       sum(r.input)::bigint as input, sum(r.cached_input)::bigint as cached_input,
       sum(r.cache_write_5m)::bigint as cache_write_5m, sum(r.cache_write_1h)::bigint as cache_write_1h,
       sum(r.output)::bigint as output, count(*) as requests,
       sum(r.audio_input)::bigint as audio_input, sum(r.image_input)::bigint as image_input,
       sum(r.audio_output)::bigint as audio_output, sum(r.image_output)::bigint as image_output
  from run r
  join pricing.v_price p on p.id = r.price_id
 group by 1, 2
 order by 1, 2
