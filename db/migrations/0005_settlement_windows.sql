-- What requests were charged is booked per wallet in windows of minutes, not at each flush of the journal (ADR 0040).
-- Only new tables, so that nothing is locked for long.

-- What was charged and is not booked yet: one row for each wallet and batch. The evidence is the journal, whose rows
-- name the batch; a row here has their sum, so that a balance needs no look at them. Anybody may book a batch, once: the
-- row goes in the commit of its transfer. A closed one takes no further requests.
-- Half of each page is free, and no column that changes is indexed, so that adding to a batch touches one page.
create table metering.unsettled (
    wallet_id        uuid        not null,
    batch_id         uuid        not null,
    holder           uuid        not null,
    opened_at        timestamptz not null,
    first_started_at timestamptz not null,
    charged_milli    bigint      not null check (charged_milli > 0),
    requests         bigint      not null check (requests > 0),
    closed           boolean     not null default false,
    primary key (wallet_id, batch_id)
) with (fillfactor = 50);

create index unsettled_due on metering.unsettled (holder, opened_at);

create view metering.v_unsettled as
    select wallet_id, batch_id, holder, opened_at, charged_milli, requests from metering.unsettled;

comment on view metering.v_unsettled is
    'Charged, and still in its holder''s escrow: taken from what is the owner''s until it is booked.';

create view metering.v_escrow_left as
    select e.wallet_id, e.holder, e.amount_milli - coalesce((
               select sum(u.charged_milli) from metering.unsettled u
                where u.wallet_id = e.wallet_id and u.holder = e.holder), 0)::bigint as amount_milli
      from ledger.v_escrow e
     where e.asset = ledger.asset_compute();

comment on view metering.v_escrow_left is
    'What is in escrow beside what was charged and is not booked yet: held, or free to be returned.';

-- Holders whose escrow is being returned because their node is dead. A node that was only thought dead finds itself
-- here before it writes what nothing covers.
create table metering.closed_holder (
    holder    uuid        primary key,
    closed_at timestamptz not null
);

create view metering.v_closed_holder as select holder, closed_at from metering.closed_holder;
