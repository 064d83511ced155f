with sums as (
    select wallet_id, (started_at at time zone 'UTC')::date as day, model, count(*) as requests,
           sum(input + cached_input + cache_write_5m + cache_write_1h) as input, sum(output) as output,
           sum(cost_nanos) as cost_nanos, sum(charged_milli) as charged_milli
      from metering.v_request -- as corrected
     group by 1, 2, 3
)
select format('wallet_id=%s, day=%s, model=%s', coalesce(s.wallet_id, t.wallet_id), coalesce(s.day, t.day),
              coalesce(s.model, t.model)) as row,
       'it is not the sum of its requests' as problem
  from sums s
  full join metering.day_total t on t.wallet_id = s.wallet_id and t.day = s.day and t.model = s.model
 where (s.requests, s.input, s.output, s.cost_nanos, s.charged_milli)
       is distinct from (t.requests, t.input, t.output, t.cost_nanos, t.charged_milli);
