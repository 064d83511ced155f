-- Adds what is not known yet; returns whose it is.
insert into people.identity (kind, value, person_id)
select r.kind, r.value, r.person_id
  from unnest($1::uuid[], $2::text[], $3::text[]) as r (person_id, kind, value)
 where not exists (select from people.identity i where i.kind = r.kind and i.value = r.value)
returning person_id
