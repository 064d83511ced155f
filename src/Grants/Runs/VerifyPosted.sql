-- Lines that were posted against the ledger, whose chain has their evidence; what a run counts; what may be granted
-- again, which is only what was declined or reversed; and that runs are what was prepared and approved.
select 'compensation.grant_line' as "table", format('run_id=%s, line=%s', l.run_id, l.line) as id,
       case when e.transfer_id is null then 'its chunk is posted, and the ledger has no transfer of it'
            when e.amount_milli <> l.amount_milli
            then format('it grants %s milli-tokens, the ledger granted %s', l.amount_milli, e.amount_milli)
            else 'the ledger has other evidence of it' end as problem
  from compensation.grant_line l
  join compensation.grant_chunk c on c.run_id = l.run_id and c.chunk = l.chunk and c.posted_at is not null
  left join ledger.v_entry e
    on e.wallet_id = l.person_id and e.key = l.key and e.from_account = ledger.account_elsewhere()
 where not l.rehearsal
   and (e.transfer_id is null or e.amount_milli <> l.amount_milli or e.evidence is distinct from l.evidence)
union all
select 'compensation.grant_run', format('run_id=%s', r.run_id),
       format('it counts %s lines over %s milli-tokens and %s nano-USD, there are %s over %s and %s', r.lines,
              r.total_milli, r.total_usd_nanos, coalesce(l.lines, 0), coalesce(l.total_milli, 0),
              coalesce(l.total_usd_nanos, 0))
  from compensation.grant_run r
  left join (select run_id, count(*) as lines, sum(amount_milli) as total_milli, sum(usd_nanos) as total_usd_nanos
               from compensation.grant_line group by run_id) l on l.run_id = r.run_id
 where (r.lines, r.total_milli, r.total_usd_nanos) is distinct from
       (coalesce(l.lines, 0), coalesce(l.total_milli, 0), coalesce(l.total_usd_nanos, 0))
union all
select 'compensation.grant_line', format('run_id=%s, line=%s', l.run_id, l.line),
       case when l.live then 'its run was declined or reversed, and it still counts as granted'
            else 'its run stands, and it no longer counts as granted' end
  from compensation.grant_line l
  join compensation.grant_run r on r.run_id = l.run_id
 where not l.rehearsal and l.live = (r.decision is not distinct from 'declined' or r.reversed_at is not null)
union all
select 'compensation.grant_run', format('run_id=%s', r.run_id),
       case when r.decision = 'approved' and compensation.approved_digest(r.run_id) is distinct from r.approved
            then 'it is not what was approved: with what was set aside from it, it has another digest'
            else 'it has another digest than when it was prepared' end
  from compensation.grant_run r
 where not r.rehearsal
   and (compensation.run_digest(r.run_id) is distinct from r.content
        or r.decision = 'approved' and compensation.approved_digest(r.run_id) is distinct from r.approved);
