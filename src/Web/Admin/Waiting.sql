-- What waits for an administrator. A run and a vote are named each; of the rest there is one line with how many. A run
-- that the reader's own account asked for waits for another.
select * from (
    select 1 as rank, case when r.reversal_by is null then 'run' else 'reversal' end as kind,
           r.run_id as id, r.plan as name, r.period as detail, r.lines::bigint as number, r.total_usd_nanos as nanos,
           coalesce(r.reversal_by, r.prepared_by) as by_name, coalesce(r.reversal_at, r.prepared_at) as since,
           case when r.reversal_by is null then r.prepared_by_account else r.reversal_by_account end = $1 as own
      from compensation.v_grant_run r
     where not r.rehearsal and r.reversed_at is null
       and (r.decision is null or (r.decision = 'approved' and r.reversal_by is not null))
    union all
    select 2, 'vesting', f.run_id, null, null, count(*), null, min(f.asked_by), min(f.asked_at), null
      from compensation.v_vesting_fact f
     where f.approved_at is null and f.declined_at is null
     group by f.run_id
    union all
    select 3, 'conversion', null, null, null, count(*), sum(c.worth_nanos)::bigint, null, min(c.requested_at), null
      from compensation.v_conversion c
     where c.state in ('locked', 'reversal_asked')
    union all
    select 4, 'claim', null, null, null, count(*), null, null, min(c.filed_at), null
      from compensation.v_claim c
     where c.is_approved is null
    union all
    select 5, 'tier', null, null, null, count(*), null, null, min(t.asked_at), null
      from compensation.v_tier_request t
     where t.decision is null
    union all
    select 6, 'vote', null, p.plan, p.phase, p.votes_for, null, p.proposed_by, p.proposed_at, null
      from compensation.v_phase p
     where p.opened_at is null
    union all
    select 7, 'prices', null, min(p.name), null, count(*), null, min(p.imported_by), min(p.imported_at), null
      from pricing.v_proposal p
     where p.is_approved is null
    union all
    select 8, 'stop', null, null, null, count(*), null, null, min(s.stopped_at), null
      from gateway.v_wallet_stop s
     where s.cleared_at is null
) waiting
 where number > 0 or kind = 'vote'
 order by rank, since
 limit 100
