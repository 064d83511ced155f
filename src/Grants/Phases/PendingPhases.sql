-- Phases that were proposed, the oldest plan first, with the newest version of their plan and the votes on it. A plan
-- may have several where a later version changed their order: the first in that order is the one that is voted on.
select s.phase, s.report, s.begins_on, s.proposed_by, s.proposed_by_account, s.proposed_by_person, s.proposed_at,
       n.plan_id, n.name, n.version, n.effective_from, n.applied_at, n.yaml, n.applied_by,
       v.voters, v.accounts, v.people, v.in_favour
  from (
    select plan, min(proposed_at) as since
      from compensation.phase_step where opened_at is null
     group by plan
     order by since, plan
     limit $1) w
  join compensation.phase_step s on s.plan = w.plan and s.opened_at is null
  join lateral (
    select plan_id, name, version, effective_from, applied_at, yaml, applied_by
      from compensation.v_plan where name = w.plan
     order by version desc
     limit 1) n on true
  join lateral (
    select coalesce(array_agg(voter), '{}') as voters, coalesce(array_agg(voter_account), '{}') as accounts,
           coalesce(array_agg(voter_person), '{}') as people, coalesce(array_agg(in_favour), '{}') as in_favour
      from compensation.phase_vote
     where plan = s.plan and phase = s.phase and voted_at >= n.applied_at) v on true
 order by w.since, w.plan
