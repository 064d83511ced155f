-- What calls cost by the price book, as they are known now, by model and bucket of a cost report.
with row as (
    select r.model, width_bucket(r.started_at, $2::timestamptz[]) as place, r.started_at, r.cost_nanos
      from metering.v_request r
     where r.provider = $1 and r.started_at >= ($2::timestamptz[])[1]
       and r.started_at < ($3::timestamptz[])[cardinality($3::timestamptz[])]
)
select model, place, sum(cost_nanos)::bigint as cost_nanos
  from row
 where started_at < ($3::timestamptz[])[place]
 group by 1, 2;
