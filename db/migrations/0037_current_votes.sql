-- A vote on a phase names what it would open, and with it the plan's newest version. A version that is applied later is
-- something else, so votes from before it no longer count; those on a phase that is open are the ones that opened it.
create or replace view compensation.v_phase as
select s.plan, s.phase, s.report, s.begins_on, s.proposed_by, s.proposed_at, s.opened_at,
       (select count(*) from compensation.phase_vote v
         where v.plan = s.plan and v.phase = s.phase and v.in_favour
           and (s.opened_at is not null or v.voted_at >= n.applied_at))::int as votes_for,
       (select count(*) from compensation.phase_vote v
         where v.plan = s.plan and v.phase = s.phase and not v.in_favour
           and (s.opened_at is not null or v.voted_at >= n.applied_at))::int as votes_against
  from compensation.phase_step s
  left join lateral (
      select p.applied_at from compensation.plan p where p.name = s.plan order by p.version desc limit 1) n on true;
