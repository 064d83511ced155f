-- Whom the programme is for. An import replaces what it names and touches nothing else.
create schema people;

-- A tree by path: `Engineering/Platform` lies under `Engineering`.
create table people.team (
    team_id   uuid  primary key,
    path      text  not null unique check (path <> ''),
    parent_id uuid  references people.team,
    digest    bytea not null default ''
);

create table people.person (
    person_id       uuid    primary key,
    email           text    not null unique check (email = lower(email)),
    name            text    not null,
    team            text    not null references people.team (path),
    role            text    not null,
    level           text    not null check (level ~ '^L([1-9]|10)$'),
    country         char(2) not null,                                   -- ISO 3166-1
    cost_centre     text    not null,
    hired_on        date    not null,                                   -- first day of employment
    left_on         date    check (left_on >= hired_on),                -- last day of employment
    base_pay_cents  bigint  not null check (base_pay_cents >= 0),       -- a year, in hundredths of the currency
    total_pay_cents bigint  not null check (total_pay_cents >= base_pay_cents),
    currency        char(3) not null,                                   -- ISO 4217
    is_bot          boolean not null default false,
    digest          bytea   not null default ''
);
create index person_team on people.person (team, email);

-- Who a person is elsewhere: `github_login`, `provider_user_id`.
create table people.identity (
    kind      text  not null,
    value     text  not null,
    person_id uuid  not null references people.person,
    digest    bytea not null default '',
    primary key (kind, value),
    unique (person_id, kind)
);

create view people.v_person as
select person_id, email, name, team, role, level, country, cost_centre, hired_on, left_on, base_pay_cents,
       total_pay_cents, currency, is_bot
  from people.person;

create view people.v_identity as
select kind, value, person_id from people.identity;

select kernel.guard('people.team');
select kernel.guard('people.person');
select kernel.guard('people.identity');
