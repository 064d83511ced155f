-- Who looked at one person's, and at lists of everybody's that they are in, within a span: counted by account and by
-- what was read, what was read last first. Lists of a team are of whoever is in it.
-- $1 the person; $2, $3 the span; $4 "permission role" that reach everybody; $5 persons above; $6, $7 before when,
-- and before which of the same moment; $8 how many
with seen as (
    select who, account_id, endpoint, permission, false as of_all, at, act_id, times
      from host.act
     where kind = 'looked' and about_id = $1 and at > $2 and at <= $3
     union all
    select a.who, a.account_id, a.endpoint, a.permission, true, a.at, a.act_id, a.times
      from host.act a
     where a.kind = 'looked' and a.about_id is null and a.at > $2 and a.at <= $3
       and a.person_id is distinct from $1
       and (a.permission = '' or a.person_id = any ($5) or exists (
            select from unnest(string_to_array(a.roles, ' ')) r where a.permission || ' ' || r = any ($4)))),
looked as (
    select who, account_id, endpoint, permission, of_all, sum(times)::bigint as times, max(at) as last_at,
           max(act_id::text collate "C") as tie
      from seen group by who, account_id, endpoint, permission, of_all)
select l.who, coalesce(n.name, '') as name, l.endpoint, l.permission, l.of_all, l.times, l.last_at, l.tie
  from looked l left join host.account n on n.account_id = l.account_id
 where (l.last_at, l.tie) < ($6::timestamptz, $7::text)
 order by l.last_at desc, l.tie desc
 limit $8
