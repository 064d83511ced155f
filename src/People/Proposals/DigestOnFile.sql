-- Sixteen digits of SHA-256 over all that is on file of some people, and over the kinds of identity, which say whom the
-- rows of a file mean; not over what is true of them today, which changes by itself.
select left(encode(sha256(convert_to(coalesce(string_agg(line, e'\n' order by line collate "C"), ''), 'UTF8')), 'hex'),
            16)
  from (
        select row(p.person_id, p.email, p.name, p.hired_on, p.left_on, p.is_bot)::text as line
          from people.person p where p.person_id = any ($1)
        union all
        select row(s.person_id, s.starts_on, s.team, s.role, s.level, s.country, s.legal_entity, s.cost_centre,
                   s.manager_id, s.base_pay_cents, s.total_pay_cents, s.currency, s.employment, s.part_time_bp,
                   s.leave, s.leave_pay, s.time_zone)::text
          from people.person_span s where s.person_id = any ($1)
        union all
        select row(i.person_id, i.kind, i.value)::text from people.identity i where i.person_id = any ($1)
        union all
        select row(k.kind, k.finds_person)::text from people.identity_kind k) as on_file
