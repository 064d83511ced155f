-- Chunks of an approved run that are not posted, and whether the run is what was approved: its digest is the one that
-- the approval left it with, which is the one that was named unless lines were set aside.
select c.chunk, c.content, p.yaml,
       coalesce(d.now = r.content and (r.content = r.approved
           or exists (select from compensation.grant_run s where s.set_aside_from = r.run_id)), false)
  from compensation.grant_run r
  join compensation.plan p on p.plan_id = r.plan_id
 cross join (select compensation.run_digest($1) as now) d
  join compensation.grant_chunk c on c.run_id = r.run_id
 where r.run_id = $1 and c.posted_at is null and r.decision = 'approved' and r.reversed_at is null
 order by c.chunk
