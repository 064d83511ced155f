-- How pay is run, and what was handed to payroll. Versions and files never change.

create table compensation.payroll_settings (
    settings_id    uuid        primary key,
    version        int         not null unique check (version > 0),
    effective_from date        not null,
    yaml           text        not null,
    applied_by     text        not null,
    applied_at     timestamptz not null,
    digest         bytea       not null default ''
);

-- A file as payroll got it. One a layout and pay period: asked for again, it is the same to the byte.
create table compensation.payroll_export (
    export_id   uuid        primary key,
    layout      text        not null check (layout in ('adp', 'gusto', 'workday', 'plain')),
    period_from date        not null,
    period_to   date        not null check (period_to >= period_from),
    pay_on      date        not null,
    settings_id uuid        not null references compensation.payroll_settings,
    file_name   text        not null,
    sha256      bytea       not null check (sha256 = sha256(content)),
    content     bytea       not null,
    lines       int         not null check (lines >= 0),
    exported_by text        not null,
    exported_at timestamptz not null,
    digest      bytea       not null default '',
    unique (layout, period_from)
);

-- What is in it. A line goes to payroll once in each layout, whichever period it then falls in.
create table compensation.payroll_export_line (
    layout    text   not null,
    source    text   not null check (source in ('pay_line', 'grant', 'vest')),
    source_id uuid   not null, -- the pay line, or the transfer that granted or vested
    lot       int    not null, -- 0: a pay line
    export_id uuid   not null references compensation.payroll_export,
    number    int    not null check (number > 0), -- its place in the file
    digest    bytea  not null default '',
    primary key (layout, source, source_id, lot),
    unique (export_id, number)
);

create view compensation.v_payroll_settings as
select settings_id, version, effective_from, yaml, applied_by, applied_at from compensation.payroll_settings;

create view compensation.v_payroll_export as
select export_id, layout, period_from, period_to, pay_on, settings_id, file_name, sha256, lines, exported_by, exported_at
  from compensation.payroll_export;

create view compensation.v_payroll_export_line as
select layout, source, source_id, lot, export_id, number from compensation.payroll_export_line;

select kernel.guard('compensation.payroll_settings');
select kernel.guard('compensation.payroll_export');
select kernel.guard('compensation.payroll_export_line');

-- What a lot is worth: as its grant said; where no grant line led to it, by the token value of its day, rounded up.
create view compensation.v_lot_value as
select l.wallet_id, l.lot, l.asset, l.granted_milli, l.tax_class, l.source, l.expires_at, l.granted_at, l.transfer_id,
       coalesce(g.currency, 'USD') as currency, coalesce(g.rate_nanos, 1000000000)::bigint as rate_nanos,
       coalesce(g.usd_nanos, ceil(l.granted_milli::numeric * coalesce(v.nanos, 1000) / 1000))::bigint as usd_nanos
  from ledger.v_grant l
  left join lateral (
    select currency, rate_nanos, usd_nanos from compensation.v_grant g
     where g.person_id = l.wallet_id and g.transfer_id = l.transfer_id
     order by g.live desc, g.run_id desc limit 1) g on true
  left join lateral (
    select nanos from pricing.v_token_value t
     where t.effective_from <= l.granted_at order by t.effective_from desc limit 1) v on true;
