-- What a company's directory sends by SCIM (ADR 0050): users, groups, and who is a member of what. Only new tables, so
-- that nothing is locked for long.

create schema scim;

-- A user of the directory is no person yet: it has no level, no pay and no day of hiring. It is joined to a person once
-- one is on file, by id ever after.
create table scim.user (
    user_id     uuid primary key,
    -- In lower case, as it is compared.
    user_name   text not null constraint user_name_once unique check (length(user_name) between 1 and 256),
    -- The directory's own id, as it is.
    external_id text constraint user_external_id_once unique check (length(external_id) between 1 and 256),
    active      boolean not null,
    -- What was sent, in the form of the schemas.
    resource    jsonb not null check (jsonb_typeof(resource) = 'object'),
    -- The same as filters see it: in lower case where case does not count.
    folded      jsonb not null check (jsonb_typeof(folded) = 'object'),
    version     bigint not null check (version > 0),
    created_at  timestamptz not null,
    changed_at  timestamptz not null,
    digest      bytea not null default ''
);

create index user_folded on scim.user using gin (folded jsonb_path_ops);

create table scim.group (
    group_id     uuid primary key,
    display_name text not null check (length(display_name) between 1 and 256),
    folded_name  text not null constraint group_name_once unique,
    external_id  text check (length(external_id) between 1 and 256),
    version      bigint not null check (version > 0),
    created_at   timestamptz not null,
    changed_at   timestamptz not null,
    digest       bytea not null default ''
);

create index group_external_id on scim.group (external_id);

-- A row each, so that changes that come at the same time do not undo one another.
create table scim.member (
    group_id uuid not null references scim.group on delete cascade,
    user_id  uuid not null references scim.user on delete cascade,
    added_at timestamptz not null,
    digest   bytea not null default '',
    primary key (group_id, user_id)
);

create index member_user on scim.member (user_id);

select kernel.guard('scim.user', changing =>
    '{user_name,external_id,active,resource,folded,version,changed_at}', removable => true);
select kernel.guard('scim.group', changing =>
    '{display_name,folded_name,external_id,version,changed_at}', removable => true);
select kernel.guard('scim.member', removable => true);
