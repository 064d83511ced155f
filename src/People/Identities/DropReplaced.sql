-- A person has one identity of a kind: those that a file replaces go first, so that two people may swap.
delete from people.identity i
 using unnest($1::text[], $2::text[], $3::text[]) as r (email, kind, value)
  join people.person p on p.email = r.email
 where i.person_id = p.person_id and i.kind = r.kind and i.value <> r.value
