-- Notices are sent by e-mail and webhook (ADR 0038). Only new tables, so that nothing is locked for long:
-- notices that were given before stay on the page alone.

-- The ways that are switched on: a node that can send by one switches it on as it starts; it is switched off by its
-- setting Off alone. The statement that writes a notice reads it, so that a notice and its deliveries are one commit,
-- whoever writes the notice.
create table compensation.notice_way (
    way        text primary key check (way in ('email', 'webhook')),
    is_on      boolean not null,
    changed_at timestamptz not null
);

-- One row for each notice and way. A sender that takes a row moves next_at ahead by the time it may need at most, so
-- that nobody else takes it meanwhile, and a row of a sender that died comes back by itself.
create table compensation.notice_delivery (
    notice_id  uuid not null references compensation.notice,
    way        text not null references compensation.notice_way,
    state      text not null default 'waiting' check (state in ('waiting', 'sent', 'skipped', 'failed')),
    tries      integer not null default 0 check (tries >= 0),
    next_at    timestamptz not null,
    ended_at   timestamptz,
    last_error text check (length(last_error) <= 200),
    primary key (notice_id, way),
    check ((state = 'waiting') = (ended_at is null)),
    check (state <> 'sent' or tries > 0)
);

create index notice_delivery_due on compensation.notice_delivery (way, next_at) where state = 'waiting';
create index notice_delivery_not_sent on compensation.notice_delivery (state, ended_at)
    where state in ('failed', 'skipped');

create view compensation.v_notice_delivery as
    select d.notice_id, d.way, d.state, d.tries, d.next_at, d.ended_at, d.last_error, n.person_id, n.kind, n.created_at
      from compensation.notice_delivery d
      join compensation.notice n using (notice_id);

-- What a person does not want to be told by e-mail. The page has everything all the same.
create table compensation.notice_choice (
    person_id  uuid not null,
    kind       text not null check (kind ~ '^[a-z_]{1,40}$'),
    by_email   boolean not null,
    changed_at timestamptz not null,
    digest     bytea not null default '',
    primary key (person_id, kind)
);

create view compensation.v_notice_choice as
    select person_id, kind, by_email, changed_at from compensation.notice_choice;

select kernel.guard('compensation.notice_choice', changing => '{by_email,changed_at}', removable => false);
