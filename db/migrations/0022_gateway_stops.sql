-- A call that cost more than was held for it stops its wallet until that is charged in whole, or somebody has looked.
-- A row is never taken away.
create table gateway.wallet_stop (
    request_id   uuid        primary key,
    wallet_id    uuid        not null,
    model        text        not null,
    held_milli   bigint      not null check (held_milli >= 0),
    cost_milli   bigint      not null check (cost_milli > held_milli),
    stopped_at   timestamptz not null,
    cleared_at   timestamptz,
    cleared_by   text,
    check ((cleared_at is null) = (cleared_by is null))
);
create index wallet_stop_open on gateway.wallet_stop (wallet_id) where cleared_at is null;

create view gateway.v_wallet_stop as
select request_id, wallet_id, model, held_milli, cost_milli, stopped_at, cleared_at, cleared_by
  from gateway.wallet_stop;
