-- By how much each entry changes what is the owner's of a lot: what is available, in escrow or locked. Moves between
-- these change nothing. Summed by lot up to an instant, it is what was held then.
create view compensation.v_held_change as
select wallet_id, lot, seq, at,
       case when to_account in (1, 2, 6) then amount_milli else 0 end
         - case when from_account in (1, 2, 6) then amount_milli else 0 end as milli
  from ledger.v_entry
 where lot > 0;

-- An amount that is stated in USD is cashed in the currency of the person's pay, which its line says from here on.
alter table compensation.grant_line add column pay_currency text; -- null: that of the amount

create or replace view compensation.v_grant as
select l.run_id, l.line, r.period, l.plan, l.kind, l.person_id, l.amount_milli, l.usd_nanos, l.pay_cents, l.currency,
       l.rate_nanos, l.token_value_nanos, l.tax_class, l.expires_at, l.source, l.explanation, l.key, l.evidence,
       e.transfer_id, e.at as posted_at, l.asset, l.term, l.vest_from, l.live, e.lot,
       coalesce(l.pay_currency, l.currency) as pay_currency
  from compensation.grant_line l
  join compensation.grant_run r on r.run_id = l.run_id
  left join ledger.v_entry e on e.wallet_id = l.person_id and e.key = l.key and e.from_account = 0
 where not l.rehearsal;

create or replace view compensation.v_lot_value as
select l.wallet_id, l.lot, l.asset, l.granted_milli, l.tax_class, l.source, l.expires_at, l.granted_at, l.transfer_id,
       coalesce(g.currency, 'USD') as currency, coalesce(g.rate_nanos, 1000000000)::bigint as rate_nanos,
       coalesce(g.usd_nanos, ceil(l.granted_milli::numeric * coalesce(v.nanos, 1000) / 1000))::bigint as usd_nanos,
       coalesce(g.pay_currency, 'USD') as pay_currency
  from ledger.v_grant l
  left join lateral (
    select currency, rate_nanos, usd_nanos, pay_currency from compensation.v_grant g
     where g.person_id = l.wallet_id and g.transfer_id = l.transfer_id
     order by g.live desc, g.run_id desc limit 1) g on true
  left join lateral (
    select nanos from pricing.v_token_value t
     where t.effective_from <= l.granted_at order by t.effective_from desc limit 1) v on true;
