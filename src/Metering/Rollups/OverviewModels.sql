-- $1 first day, $2 last day
select model, sum(requests)::bigint as requests, sum(input)::bigint as input, sum(output)::bigint as output,
       sum(cost_nanos)::bigint as cost_nanos, sum(charged_milli)::bigint as charged_milli
  from metering.v_day_total
 where day >= $1 and day <= $2
 group by model
 order by charged_milli desc, model
 limit 200;
