-- Whose the identities of a file are.
select i.kind, i.value, i.person_id
  from people.identity i
  join unnest($1::text[], $2::text[]) as r (kind, value) on i.kind = r.kind and i.value = r.value
