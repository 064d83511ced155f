-- The newest corrections of each provider, where nobody has applied or declined them.
select r.provider, r.corrections, r.made_by, r.made_at
  from (select distinct on (provider) reconciliation_id, provider, corrections, made_by, made_at
          from metering.reconciliation
         where made_at >= @since
         order by provider, made_at desc, reconciliation_id desc) r
 where not exists (
    select from metering.v_reconciliation_decision d where d.reconciliation_id = r.reconciliation_id)
 order by r.made_at
 limit 20
