-- In key order, so that two flushes cannot deadlock.
insert into metering.day_total as t (wallet_id, day, model, requests, input, output, cost_nanos, charged_milli)
select wallet_id, day, model, requests, input, output, cost_nanos, charged_milli
  from unnest($1::uuid[], $2::date[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
       as x (wallet_id, day, model, requests, input, output, cost_nanos, charged_milli)
 order by wallet_id, day, model
on conflict (wallet_id, day, model) do update
   set requests = t.requests + excluded.requests, input = t.input + excluded.input, output = t.output + excluded.output,
       cost_nanos = t.cost_nanos + excluded.cost_nanos, charged_milli = t.charged_milli + excluded.charged_milli;
