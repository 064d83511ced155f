-- Identities of a file that belong to somebody else.
select r.line, r.kind, r.value, p.email
  from unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) as r (person_id, kind, value, line)
  join people.identity i on i.kind = r.kind and i.value = r.value
  join people.person p on p.person_id = i.person_id
 where i.person_id <> r.person_id
 order by r.line
