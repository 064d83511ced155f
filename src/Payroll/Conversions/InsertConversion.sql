-- A request, as it was made. Two that took the same number of the person's were both worked out from the same sums.
insert into compensation.conversion (
    conversion_id, person_id, number, key, form, tax_class, asked_milli, amount_milli, units, currency, unit,
    rate_units, rate_milli, terms_id, window_name, requested_on, requested_by, requested_by_person, requested_at,
    lock_until, notice_days, requested_by_account, worth_nanos, pays_nanos)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18::uuid, $19, $20, $21, $22::uuid,
        $23::bigint, $24::bigint)
