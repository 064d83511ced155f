-- The people whom a file can mean: by id, by address, by an identity that finds the person.
select p.person_id, p.email, p.name
  from people.person p
 where p.person_id in (select unnest($1::uuid[])) or p.email in (select unnest($2::text[]))
    or p.person_id in (
        select i.person_id from people.identity i
          join unnest($3::text[], $4::text[]) as r (kind, value) on i.kind = r.kind and i.value = r.value)
