-- Reward tokens on their way to pay, receipts on their way to money back, and the lines that payroll takes: none without
-- a notice to the person it is for. Rows state facts and are only added; a decision is a row of its own.

-- A version of the terms of conversion and of claims. The newest in effect on a day holds; versions never change.
create table compensation.conversion_terms (
    terms_id       uuid        primary key,
    version        int         not null unique check (version > 0),
    effective_from date        not null,
    yaml           text        not null,
    applied_by     text        not null,
    applied_at     timestamptz not null,
    digest         bytea       not null default ''
);

-- What a person is told, once for each kind and subject.
create table compensation.notice (
    notice_id  uuid        primary key,
    person_id  uuid        not null,
    kind       text        not null check (kind ~ '^[a-z_]{1,40}$'),
    subject    text        not null check (length(subject) between 1 and 200), -- the id of what it is about
    text       text        not null check (length(text) between 1 and 2000),
    created_at timestamptz not null,
    seen_at    timestamptz,          -- null: not seen yet
    digest     bytea       not null default '',
    unique (kind, subject, person_id),
    unique (notice_id, person_id)
);
create index notice_of_person on compensation.notice (person_id, created_at);

-- A request to convert, as it was made; steps say what became of it.
create table compensation.conversion (
    conversion_id       uuid        primary key,
    person_id           uuid        not null,
    number              int         not null check (number > 0), -- of the person's; two requests cannot both be the next
    key                 text        not null check (length(key) between 1 and 100), -- the requester's idempotency key
    form                text        not null check (form in ('cash', 'time_off', 'equity')),
    tax_class           text        not null,
    asked_milli         bigint      not null check (asked_milli > 0),
    amount_milli        bigint      not null check (amount_milli between 1 and asked_milli), -- locked: makes whole units
    units               bigint      not null check (units > 0),      -- hundredths of money or of a day; equity in units
    currency            text,                                        -- cash only
    unit                text        not null,
    rate_units          bigint      not null check (rate_units > 0), -- units for rate_milli milli-tokens
    rate_milli          bigint      not null check (rate_milli > 0),
    terms_id            uuid        not null references compensation.conversion_terms,
    window_name         text        not null,
    requested_on        date        not null,
    requested_by        text        not null,
    requested_by_person uuid,                                        -- null: an account that is nobody's
    requested_at        timestamptz not null,
    lock_until          timestamptz not null,
    notice_days         int         not null check (notice_days >= 0),
    digest              bytea       not null default '',
    unique (person_id, number),
    unique (person_id, key),
    check ((currency is not null) = (form = 'cash')),
    check (units::numeric * rate_milli <= amount_milli::numeric * rate_units) -- never more out than in
);

-- Which lots it takes from.
create table compensation.conversion_lot (
    conversion_id uuid   not null references compensation.conversion,
    lot           int    not null check (lot > 0),
    amount_milli  bigint not null check (amount_milli > 0),
    digest        bytea  not null default '',
    primary key (conversion_id, lot)
);

-- What became of it, in order. The key lets only one of two opposite steps follow the same one.
create table compensation.conversion_step (
    conversion_id uuid        not null references compensation.conversion,
    number        int         not null check (number > 0),
    state         text        not null check (state in (
        'locked', 'approved', 'settled', 'declined', 'withdrawn', 'lapsed',
        'reversal_asked', 'reversal_declined', 'reversed')),
    by_name       text        not null,
    by_person     uuid,
    at            timestamptz not null,
    reason        text,
    digest        bytea       not null default '',
    primary key (conversion_id, number),
    check ((number = 1) = (state = 'locked'))
);

-- A receipt's bytes, once: the key is their hash.
create table compensation.receipt_content (
    sha256  bytea primary key,
    content bytea not null check (length(content) between 1 and 5242880),
    check (sha256 = sha256(content))
);

create table compensation.receipt (
    sha256       bytea       primary key references compensation.receipt_content,
    content_type text        not null check (content_type in ('application/pdf', 'image/png', 'image/jpeg')),
    bytes        int         not null check (bytes between 1 and 5242880),
    stored_at    timestamptz not null,
    digest       bytea       not null default ''
);

-- What somebody paid for themselves and wants back. It is decided once.
create table compensation.claim (
    claim_id          uuid        primary key,
    person_id         uuid        not null,
    vendor            text        not null check (length(vendor) between 1 and 100),
    service           text        not null,
    spent_on          date        not null,
    amount_cents      bigint      not null check (amount_cents > 0), -- hundredths of the currency
    currency          text        not null check (currency ~ '^[A-Z]{3}$'),
    purpose           text        not null check (length(purpose) between 1 and 500),
    receipt           bytea       not null references compensation.receipt,
    terms_id          uuid        not null references compensation.conversion_terms,
    notice_days       int         not null check (notice_days >= 0),
    filed_at          timestamptz not null,
    is_approved       boolean,                                       -- null: not decided
    reason            text,                                          -- why it was declined
    decided_by        text,
    decided_by_person uuid,
    decided_at        timestamptz,
    digest            bytea       not null default '',
    check ((is_approved is null) = (decided_by is null) and (is_approved is null) = (decided_at is null)),
    check ((reason is not null) = coalesce(not is_approved, false))
);
-- A receipt is good for one claim; after it was declined, for another one.
create unique index claim_receipt on compensation.claim (receipt) where is_approved is distinct from false;
create index claim_any_receipt on compensation.claim (receipt);
create index claim_of_person on compensation.claim (person_id, filed_at);

-- What payroll takes. Its notice is for the same person and in the same commit.
create table compensation.pay_line (
    pay_line_id   uuid        primary key,
    person_id     uuid        not null,
    kind          text        not null check (kind in ('conversion', 'reimbursement', 'reversal')),
    form          text        not null check (form in ('cash', 'time_off', 'equity')),
    tax_class     text        not null,
    amount        bigint      not null, -- cash: hundredths of the currency; time off: of a day; equity: whole units
    currency      text,                 -- cash only
    unit          text        not null,
    pay_on        date        not null, -- the day from which payroll may take it
    explanation   text        not null check (length(explanation) > 0),
    notice_id     uuid        not null,
    conversion_id uuid        references compensation.conversion,
    claim_id      uuid        references compensation.claim,
    corrects      uuid        unique references compensation.pay_line,
    created_at    timestamptz not null,
    approved_by   text        not null,
    digest        bytea       not null default '',
    foreign key (notice_id, person_id) references compensation.notice (notice_id, person_id),
    unique (conversion_id, kind),
    unique (claim_id, kind),
    check (num_nonnulls(conversion_id, claim_id) = 1),
    check ((kind = 'conversion') <= (conversion_id is not null)),
    check ((kind = 'reimbursement') <= (claim_id is not null)),
    check ((currency is not null) = (form = 'cash')),
    check ((kind = 'reversal') = (corrects is not null)),
    check (case kind when 'reversal' then amount < 0 else amount > 0 end)
);
create index pay_line_of_person on compensation.pay_line (person_id, created_at);
create index pay_line_pay_on on compensation.pay_line (pay_on);

create view compensation.v_conversion_terms as
select terms_id, version, effective_from, yaml, applied_by, applied_at from compensation.conversion_terms;

create view compensation.v_notice as
select notice_id, person_id, kind, subject, text, created_at, seen_at from compensation.notice;

-- A conversion as it stands, and the step that made it so.
create view compensation.v_conversion as
select c.conversion_id, c.person_id, c.number, c.key, c.form, c.tax_class, c.asked_milli, c.amount_milli, c.units,
       c.currency, c.unit, c.rate_units, c.rate_milli, c.terms_id, c.window_name, c.requested_on, c.requested_by,
       c.requested_by_person, c.requested_at, c.lock_until, c.notice_days, s.number as step, s.state, s.by_name,
       s.by_person, s.at, s.reason
  from compensation.conversion c
 cross join lateral (
    select number, state, by_name, by_person, at, reason
      from compensation.conversion_step where conversion_id = c.conversion_id order by number desc limit 1) s;

create view compensation.v_conversion_lot as
select conversion_id, lot, amount_milli from compensation.conversion_lot;

create view compensation.v_conversion_step as
select conversion_id, number, state, by_name, by_person, at, reason from compensation.conversion_step;

create view compensation.v_claim as
select c.claim_id, c.person_id, c.vendor, c.service, c.spent_on, c.amount_cents, c.currency, c.purpose, c.receipt,
       r.content_type, r.bytes, c.notice_days, c.filed_at, c.is_approved, c.reason, c.decided_by, c.decided_at
  from compensation.claim c
  join compensation.receipt r on r.sha256 = c.receipt;

create view compensation.v_pay_line as
select pay_line_id, person_id, kind, form, tax_class, amount, currency, unit, pay_on, explanation, notice_id,
       conversion_id, claim_id, corrects, created_at, approved_by
  from compensation.pay_line;

select kernel.guard('compensation.conversion_terms');
select kernel.guard('compensation.notice');
select kernel.guard('compensation.conversion');
select kernel.guard('compensation.conversion_lot');
select kernel.guard('compensation.conversion_step');
select kernel.guard('compensation.receipt');
select kernel.guard('compensation.claim');
select kernel.guard('compensation.pay_line');
