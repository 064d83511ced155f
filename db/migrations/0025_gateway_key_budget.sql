-- What is taken of a key's budget: what was spent, and what nodes have in hand. Nodes take ahead of need, as they draw
-- escrow, so that a budget is exact over any number of them. A row is made when the key is first used.
create table gateway.key_budget (
    key_id      uuid   primary key,
    taken_milli bigint not null -- beside what tuning jobs hold and cost, which their rows say
) with (fillfactor = 50);

-- What one run of one node has in hand of a key's budget.
create table gateway.key_share (
    key_id      uuid   not null,
    holder      uuid   not null,
    share_milli bigint not null, -- free, held, and spent since it last told
    told_milli  bigint not null, -- what it has told that it spent
    turn        bigint not null, -- counts its changes, each of which is made once
    primary key (key_id, holder)
) with (fillfactor = 50);
create index key_share_holder on gateway.key_share (holder);

-- What each node charged to each key; a tuning job's holder is the job.
create view metering.v_key_charge as
select wallet_id, key_id, holder, charged_milli from metering.request;
