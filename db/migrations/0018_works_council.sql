-- Works-council mode (ADR 0059): since when figures of one person's use are shown to that person alone. A new schema
-- with one table; nothing is locked for long.

create schema privacy;

-- A row for each switch: on, in force at once; off, in force some time later. Never changed.
create table privacy.mode_change (
    change_id   uuid primary key,
    is_on       boolean not null,
    at          timestamptz not null,
    in_force_at timestamptz not null check (in_force_at >= at),
    digest      bytea not null default ''
);

select kernel.guard('privacy.mode_change');

-- How it stands, or no row: it never was on. since: when it was last switched on while it was not in force.
-- groups_until: until then sums are of groups; far away while nobody switched it off.
create view privacy.v_mode as
select newest.is_on, newest.at,
       case when newest.is_on then timestamptz '9999-01-01 00:00:00+00' else newest.in_force_at end as groups_until,
       (select max(c.at) from privacy.mode_change c
         where c.is_on and not exists (
               select from privacy.mode_change ended
                where not ended.is_on and ended.at < c.at and ended.in_force_at > c.at)) as since
  from (select * from privacy.mode_change order by at desc, change_id desc limit 1) newest;
