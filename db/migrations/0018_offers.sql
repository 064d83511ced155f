-- Offers to candidates, and others' to compare with, as they were made; a change is a new version.
create table compensation.offer (
    offer_id      uuid        primary key,
    name          text        not null,
    version       int         not null check (version > 0),
    candidate     text        not null,
    role          text        not null,
    employer      text        not null,
    is_competitor boolean     not null, -- typed in to compare with: never shared
    valid_until   date        not null,
    yaml          text        not null,
    made_by       text        not null,
    made_at       timestamptz not null,
    digest        bytea       not null default '',
    unique (name, version)
);

-- Links that open one version to whoever has them. The address carries the id signed: a row opens nothing.
create table compensation.offer_link (
    link_id    uuid        primary key,
    offer_id   uuid        not null references compensation.offer,
    made_by    text        not null,
    made_at    timestamptz not null,
    expires_at timestamptz not null check (expires_at > made_at),
    digest     bytea       not null default ''
);
create index offer_link_offer on compensation.offer_link (offer_id);

create table compensation.offer_link_revoked (
    link_id    uuid        primary key references compensation.offer_link,
    revoked_by text        not null,
    revoked_at timestamptz not null,
    digest     bytea       not null default ''
);

select kernel.guard('compensation.offer');
select kernel.guard('compensation.offer_link');
select kernel.guard('compensation.offer_link_revoked');

create view compensation.v_offer as
select offer_id, name, version, candidate, role, employer, is_competitor, valid_until, yaml, made_by, made_at
  from compensation.offer;

create view compensation.v_offer_link as
select l.link_id, l.offer_id, l.made_by, l.made_at, l.expires_at, r.revoked_by, r.revoked_at
  from compensation.offer_link l
  left join compensation.offer_link_revoked r using (link_id);
