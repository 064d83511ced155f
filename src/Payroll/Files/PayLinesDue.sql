-- Pay lines that a layout ($1) has not had, due by $2 at the latest or recorded before $3. $4: the kind of identity
-- that payroll knows people by.
select l.pay_line_id, l.form, l.tax_class, l.amount, l.currency, l.unit, l.pay_on, l.created_at, l.explanation,
       l.corrects, p.person_id, p.email, p.name, p.role, p.country, i.value as employee_id
  from compensation.v_pay_line l
  join people.v_person p on p.person_id = l.person_id
  left join people.v_identity i on i.person_id = p.person_id and i.kind = $4
 where (l.pay_on <= $2 or l.created_at < $3)
   and not exists (
    select from compensation.v_payroll_export_line x
     where x.layout = $1 and x.source = 'pay_line' and x.source_id = l.pay_line_id and x.lot = 0)
