-- What each person used in a month, by model, and the team that they were in on its last day.
-- $1 first day, $2 last day
select d.wallet_id as person_id, p.is_bot, p.team, d.model, sum(d.requests)::bigint as requests,
       sum(d.input)::bigint as input, sum(d.output)::bigint as output, sum(d.cost_nanos)::bigint as cost_nanos,
       sum(d.charged_milli)::bigint as charged_milli
  from metering.v_day_total d
  join people.person_at($2) p on p.person_id = d.wallet_id
 where d.day >= $1 and d.day <= $2
 group by d.wallet_id, p.is_bot, p.team, d.model;
