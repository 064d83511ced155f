-- Calls that were admitted and are not booked: in flight, or of a node that is yet to be found dead.
select o.model, width_bucket(o.started_at, $1::timestamptz[]) as place, count(*) as calls
  from metering.opening o
 where o.opened_at >= ($1::timestamptz[])[1] - interval '1 day' and o.started_at >= ($1::timestamptz[])[1]
   and o.started_at < $2
   and not exists (
    select from metering.request r
     where r.wallet_id = o.wallet_id and r.started_at = o.started_at and r.request_id = o.request_id)
 group by 1, 2;
