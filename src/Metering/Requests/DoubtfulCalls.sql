-- Calls whose prices may not cover them, by why. The index of doubts has no others.
select p.doubts, count(distinct p.request_id) as calls, min(p.started_at) as since
  from metering.request_part p
 where p.doubts <> 0 and p.started_at >= $1
   and not exists (
    select from metering.correction c
     where c.wallet_id = p.wallet_id and c.started_at = p.started_at and c.request_id = p.request_id)
 group by p.doubts
 order by calls desc, p.doubts
 limit 20
