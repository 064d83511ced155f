-- The row of each model and tier that holds at an instant.
select distinct on (p.model, p.service_tier) p.model, p.service_tier, p.id
  from unnest($1::text[], $2::smallint[]) as x (model, service_tier)
  join pricing.v_price p on p.model = x.model and p.service_tier = x.service_tier and p.effective_from <= $3
 order by p.model, p.service_tier, p.effective_from desc
