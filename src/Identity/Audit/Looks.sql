-- Who looked at one person's, and at lists of everybody's that they are in, within a span: counted by account and by
-- what was read, what was read last first. A manager's list is of those who reported to them on that day.
-- $1 the person; $2, $3 the span; $4 "permission role" that reach everybody; $5, $6 before when, and before which of
-- the same moment; $7 how many
with above as materialized (
    select d.day::date as day, u.manager_id
      from generate_series(
             date_trunc('day', $2::timestamptz at time zone 'UTC'), $3::timestamptz at time zone 'UTC',
             interval '1 day') as d (day)
     cross join lateral (
        with recursive up as (
            select s.manager_id from people.person_at(d.day::date) s where s.person_id = $1
             union
            select s.manager_id from up join people.person_at(d.day::date) s on s.person_id = up.manager_id)
        select manager_id from up where manager_id <> $1) u),
seen as (
    select who, account_id, endpoint, permission, false as of_all, at, act_id, times
      from host.act
     where kind = 'looked' and about_id = $1 and at > $2 and at <= $3
     union all
    select a.who, a.account_id, a.endpoint, a.permission, true, a.at, a.act_id, a.times
      from host.act a
     where a.kind = 'looked' and a.about_id is null and a.at > $2 and a.at <= $3
       and a.person_id is distinct from $1
       and (a.permission = ''
            or exists (
                select from unnest(string_to_array(a.roles, ' ')) r where a.permission || ' ' || r = any ($4))
            or (a.person_id, (a.at at time zone 'UTC')::date) in (select manager_id, day from above))),
looked as (
    select who, account_id, endpoint, permission, of_all, sum(times)::bigint as times, max(at) as last_at,
           max(act_id::text collate "C") as tie
      from seen group by who, account_id, endpoint, permission, of_all)
select l.who, coalesce(n.name, '') as name, l.endpoint, l.permission, l.of_all, l.times, l.last_at, l.tie
  from looked l left join host.account n on n.account_id = l.account_id
 where (l.last_at, l.tie) < ($5::timestamptz, $6::text)
 order by l.last_at desc, l.tie desc
 limit $7
