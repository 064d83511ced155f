-- The newest corrections of each provider that wait to be applied or declined.
select provider, corrections, made_by, made_at
  from (select distinct on (provider) provider, corrections, made_by, made_at
          from metering.v_reconciliation_waiting
         where made_at >= $1
         order by provider, made_at desc, reconciliation_id desc) r
 order by made_at
 limit 20
