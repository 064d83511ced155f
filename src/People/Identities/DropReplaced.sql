-- A person has one identity of a kind: those that a file replaces go first, so that two people may swap.
delete from people.identity i
 using unnest($1::uuid[], $2::text[], $3::text[]) as r (person_id, kind, value)
 where i.person_id = r.person_id and i.kind = r.kind and i.value <> r.value
