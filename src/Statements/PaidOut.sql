-- What a person's ($1) pay lines of [$2, $3] come to, by what is paid; never added across currencies.
select form, tax_class, currency, unit, sum(amount)::bigint as amount, count(*)::int as lines
  from compensation.v_pay_line
 where person_id = $1 and pay_on between $2 and $3
 group by form, tax_class, currency, unit
 order by form, tax_class, currency, unit
