-- The row of each model that holds at an instant.
select distinct on (model) model, id
  from pricing.v_price
 where model = any ($1::text[]) and effective_from <= $2
 order by model, effective_from desc
