-- Identities of a file that belong to somebody else.
select r.line, r.kind, r.value, p.email
  from unnest($1::text[], $2::text[], $3::text[], $4::int[]) as r (email, kind, value, line)
  join people.identity i on i.kind = r.kind and i.value = r.value
  join people.person p on p.person_id = i.person_id
 where p.email <> r.email
 order by r.line
