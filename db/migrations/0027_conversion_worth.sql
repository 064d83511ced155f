-- What a conversion's tokens were worth when it was asked for, and what it pays, in nano-USD: whoever approves sees both.
alter table compensation.conversion add column worth_nanos bigint check (worth_nanos >= 0);
alter table compensation.conversion add column pays_nanos bigint check (pays_nanos >= 0); -- null: nobody stated it
select kernel.redigest('compensation.conversion');

create or replace view compensation.v_conversion as
select c.conversion_id, c.person_id, c.number, c.key, c.form, c.tax_class, c.asked_milli, c.amount_milli, c.units,
       c.currency, c.unit, c.rate_units, c.rate_milli, c.terms_id, c.window_name, c.requested_on, c.requested_by,
       c.requested_by_person, c.requested_at, c.lock_until, c.notice_days, s.number as step, s.state, s.by_name,
       s.by_person, s.at, s.reason, c.requested_by_account, s.by_account, c.worth_nanos, c.pays_nanos
  from compensation.conversion c
 cross join lateral (
    select number, state, by_name, by_person, at, reason, by_account
      from compensation.conversion_step where conversion_id = c.conversion_id order by number desc limit 1) s;
