insert into compensation.claim (
    claim_id, person_id, vendor, service, spent_on, amount_cents, currency, purpose, receipt, terms_id, notice_days,
    filed_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
