-- Who has a role today, and can use it, but for one account and all accounts of its person. Of roles that reach a team
-- only those whose person is one of some.
-- $1 roles; $2 those of them that reach a team; $3 the account; $4 its person, or null; $5 persons above; $6 today,
-- and $7 names of a role at most
select h.role, h.name, h.email, h.is_service, h.holders
  from (
    select r.role, a.name, a.email, v.account_id is not null as is_service,
           count(*) over (partition by r.role) as holders,
           row_number() over (partition by r.role order by a.name, a.email) as number
      from host.account a
      join (select distinct account_id, role from host.account_role where taken_at is null and role = any ($1)) r
           using (account_id)
      left join people.v_person p on p.person_id = a.person_id
      left join host.service_account v on v.account_id = a.account_id
     where a.account_id <> $3
       and a.person_id is distinct from coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')
       and (r.role <> all ($2) or a.person_id = any ($5))
       and not exists (
            select from host.account_closed c where c.account_id = a.account_id and c.opened_at is null)
       and (p.left_on is null or p.left_on >= $6) and p.access_ended_at is null) h
 where h.number <= $7
 order by h.role, h.number
