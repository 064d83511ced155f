-- What may pass the gateway. A version is never changed; the highest whose time has come is in force.
create table gateway.policy (
    version        int         primary key check (version > 0),
    effective_from timestamptz not null,
    applied_at     timestamptz not null,
    applied_by     text        not null,
    text           text        not null, -- YAML, as it was applied
    digest         bytea       not null default ''
);

-- Who closed the gateway and who opened it again; the last turn counts.
create table gateway.switch (
    turn      int         primary key check (turn > 0),
    reason    text        check (reason <> ''), -- why it is closed; null: it is open
    turned_at timestamptz not null,
    turned_by text        not null,
    digest    bytea       not null default ''
);

select kernel.guard('gateway.policy');
select kernel.guard('gateway.switch');

create view gateway.v_policy as
select version, effective_from, applied_at, applied_by, text from gateway.policy;

create view gateway.v_switch as
select turn, reason, turned_at, turned_by from gateway.switch;
