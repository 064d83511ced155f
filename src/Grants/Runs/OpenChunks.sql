-- Chunks of an approved run that are not posted, and whether the run is what was approved: with what was set aside from
-- it then, it has the digest that was named.
select c.chunk, c.content, p.yaml,
       coalesce(d.now = r.content and d.whole = r.approved, false) as is_as_approved
  from compensation.grant_run r
  join compensation.plan p on p.plan_id = r.plan_id
 cross join (select compensation.run_digest($1) as now, compensation.approved_digest($1) as whole) d
  join compensation.grant_chunk c on c.run_id = r.run_id
 where r.run_id = $1 and c.posted_at is null and r.decision = 'approved' and r.reversed_at is null
 order by c.chunk
