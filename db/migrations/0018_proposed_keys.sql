-- A provider is proposed by one and approved by another (ADR 0058). Its new key waits here meanwhile, encrypted as
-- those in use are, so that no proposal has it in its text. It is erased as soon as nothing waits that names it. Only a
-- new table: nothing is locked.

create table gateway.proposed_key (
    key_id      uuid primary key,
    provider    text not null,
    sealed      bytea,
    hint        text not null,
    fingerprint text not null,
    set_at      timestamptz not null,
    set_by      text not null,
    erased_at   timestamptz,
    digest      bytea not null default '',
    check ((sealed is null) = (erased_at is not null))
);

create index proposed_key_kept on gateway.proposed_key (provider) where sealed is not null;

select kernel.guard('gateway.proposed_key', changing => '{sealed,erased_at}');
