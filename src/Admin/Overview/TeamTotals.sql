-- Sums of teams, by name. Teams of fewer than five people are taken together, so that no sum is one person's.
with team as (
    select p.team, count(*) as people,
           case when count(*) >= 5 then p.team else '' end as shown
      from people.v_person p
     where not p.is_bot and (p.left_on is null or p.left_on >= $1)
     group by p.team
), used as (
    select p.team, count(distinct d.wallet_id) as active, sum(d.requests) as requests, sum(d.charged_milli) as charged
      from metering.v_day_total d
      join people.v_person p on p.person_id = d.wallet_id
     where d.day >= $1 and d.day <= $2 and not p.is_bot
     group by p.team
)
select team.shown as team, sum(team.people)::bigint as people, coalesce(sum(used.active), 0)::bigint as active,
       coalesce(sum(used.requests), 0)::bigint as requests, coalesce(sum(used.charged), 0)::bigint as charged_milli
  from team
  left join used using (team)
 group by team.shown
 order by team.shown = '', team.shown
 limit 300;
