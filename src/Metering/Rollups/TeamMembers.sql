-- Who was in which team on the last days of some months, the oldest first.
-- $1 a day of the first month, $2 a day of the last
select m.last, p.team, p.person_id
  from (
    select (g + interval '1 month' - interval '1 day')::date as last
      from generate_series(date_trunc('month', $1::timestamp), date_trunc('month', $2::timestamp),
                           interval '1 month') as g) m
 cross join lateral people.person_at(m.last) p
 where not p.is_bot and p.hired_on <= m.last and (p.left_on is null or p.left_on >= m.last)
 order by m.last;
