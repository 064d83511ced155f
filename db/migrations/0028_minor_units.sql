-- From here on amounts of currencies with three decimals (ISO 4217) are kept as thousandths, not hundredths; see
-- docs/adr/0031-inputs.md. What was paid is not rewritten, so where there is any, this stops and says so.
do $$
declare
    fine text[] := array['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'];
begin
    if exists (select from compensation.claim where currency = any (fine))
        or exists (select from compensation.pay_line where currency = any (fine))
        or exists (select from compensation.conversion where currency = any (fine)) then
        raise exception 'Claims, pay lines or conversions in a currency with three decimals were kept as hundredths; '
            'reverse and pay them with the release before this one, then upgrade.';
    end if;

    update people.person
       set base_pay_cents = base_pay_cents * 10, total_pay_cents = total_pay_cents * 10
     where currency = any (fine);
end $$;
