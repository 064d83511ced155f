-- A digest beside a row shows that the row was changed by hand. It does not show a row that is gone, a table that was
-- emptied, or an old version put back with its old digest. So every write of Stipend's to a guarded table also leaves a
-- line in kernel.change: which row, and what its digest was from then on. Folded, those lines say which rows there must
-- be and with which digests; each day they go into the day's seal (docs/adr/0032-what-a-seal-holds.md).
create table kernel.change (
    seq        bigint      generated always as identity primary key,
    at         timestamptz not null default now(),
    table_name text        not null,
    row_key    text        not null,                    -- or how many rows there are in row_keys or ids
    op         text        not null check (op in ('insert', 'update', 'delete', 'redigest', 'adopt', 'batch', 'seal')),
    digest     bytea,                                   -- of the whole row; null: it is gone
    row_keys   text[],                                  -- where one statement wrote many rows
    digests    bytea[],                                 -- of each of them
    breaks     boolean     not null default false,      -- a column that is never changed was changed
    ids        uuid[],                                  -- op batch: the rows that were appended together
    role       text        not null default session_user,
    program    text        not null default current_setting('application_name'),
    sealed_on  date                                     -- the day whose seal covers it; null: not sealed yet
);
create index change_table on kernel.change (table_name, seq);
create index change_sealed on kernel.change (sealed_on, table_name, seq);

create view kernel.v_change as
select c.seq, c.at, c.table_name, coalesce(k.row_key, c.row_key) as row_key, c.op,
       coalesce(k.digest, c.digest) as digest, c.breaks, c.role, c.program, c.sealed_on
  from kernel.change c left join lateral unnest(c.row_keys, c.digests) as k (row_key, digest) on true
 where c.op not in ('batch', 'seal');

comment on view kernel.v_change is 'What was noted of each row.';

create or replace function kernel.row_digest(row_json jsonb) returns bytea
    language sql immutable strict parallel safe
as $$
    select pg_catalog.sha256(pg_catalog.convert_to((row_json - 'digest')::text, 'UTF8'))
$$;

-- The text of a row is the same in every session under these settings. A SET clause of each function that relies on
-- it would cost more than the digest does, row by row; Stipend's own sessions have them already.
create function kernel.has_fixed_text() returns boolean
    language sql stable parallel safe
as $$
    select pg_catalog.current_setting('TimeZone') = 'UTC'
       and pg_catalog.current_setting('DateStyle') in ('ISO, MDY', 'ISO, DMY', 'ISO, YMD')
       and pg_catalog.current_setting('IntervalStyle') = 'postgres'
       and pg_catalog.current_setting('bytea_output') = 'hex'
       and pg_catalog.current_setting('extra_float_digits') in ('1', '2', '3')
$$;

create function kernel.fix_text() returns text[]
    language plpgsql
as $$
declare
    names  constant text[] := array['TimeZone', 'DateStyle', 'IntervalStyle', 'bytea_output', 'extra_float_digits'];
    fixed  constant text[] := array['UTC', 'ISO', 'postgres', 'hex', '1'];
    before text[];
begin
    before := array(select pg_catalog.current_setting(n) from pg_catalog.unnest(names) as t (n));
    perform pg_catalog.set_config(n, fixed[i], true) from pg_catalog.unnest(names) with ordinality as t (n, i);
    return before;
end
$$;

comment on function kernel.fix_text is 'Fixes the text of values until the transaction ends; returns what was set.';

create function kernel.restore_text(before text[]) returns void
    language sql
as $$
    select pg_catalog.set_config(n, before[i], true)
      from pg_catalog.unnest(array['TimeZone', 'DateStyle', 'IntervalStyle', 'bytea_output', 'extra_float_digits'])
           with ordinality as t (n, i)
$$;

create or replace function kernel.guard_row() returns trigger
    language plpgsql
as $$
declare
    passing text[];
    before  text[];
begin
    if tg_op = 'TRUNCATE' then
        raise exception 'rows of %.% are removed only through Stipend', tg_table_schema, tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    if pg_catalog.current_setting('stipend.writes', true) is distinct from 'on' then
        if tg_op = 'DELETE' then
            raise exception 'rows of %.% are removed only through Stipend', tg_table_schema, tg_table_name
                using errcode = 'insufficient_privilege';
        end if;
        return new; -- with its old digest, so that verify finds it
    end if;

    if tg_op = 'DELETE' then
        return old;
    end if;

    passing := pg_catalog.string_to_array('digest,' || coalesce(tg_argv[0], ''), ',');
    if not kernel.has_fixed_text() then
        before := kernel.fix_text();
    end if;

    -- A row that was edited by hand stays marked when Stipend next writes to it: a later write must not launder it.
    if tg_op = 'UPDATE' and old.digest is distinct from
            pg_catalog.sha256(pg_catalog.convert_to((pg_catalog.to_jsonb(old) - passing)::text, 'UTF8'))
        and pg_catalog.current_setting('stipend.redigest', true) is distinct from 'on' then
        new.digest := '';
    else
        new.digest := pg_catalog.sha256(pg_catalog.convert_to((pg_catalog.to_jsonb(new) - passing)::text, 'UTF8'));
    end if;
    if before is not null then
        perform kernel.restore_text(before);
    end if;
    return new;
end
$$;

-- Notes what a statement of Stipend's wrote: a line for each row of a few, a line for each thousand of many. It runs
-- with the rights of the owner, who alone may write kernel.change. Arguments: the key's columns; those that change;
-- those that no digest covers.
create function kernel.log_change() returns trigger
    language plpgsql security definer
    set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
    set extra_float_digits = 1 set search_path = pg_catalog
as $$
declare
    row_key text   := kernel.row_key(tg_argv[0]);
    changes text[] := string_to_array('digest,' || tg_argv[1] || ',' || tg_argv[2], ',');
    line    text   := format('select %s as row_key, $2 as op, r.digest, false as breaks from written r', row_key);
    rows    bigint;
begin
    if current_setting('stipend.writes', true) is distinct from 'on' then
        return null;
    end if;
    if tg_op = 'DELETE' then
        select count(*) into rows from removed;
        line := format(
            'select %s as row_key, $2 as op, null::bytea as digest, false as breaks from removed r', row_key);
    else
        select count(*) into rows from written;
    end if;
    if rows = 0 then
        return null;
    end if;

    if tg_op <> 'DELETE' and current_setting('stipend.redigest', true) = 'on' then
        -- A row that is noted for the first time counts as one more.
        line := format(
            'select k.row_key, case when n.row_key is null then ''adopt'' else ''redigest'' end as op, k.digest,
                    false as breaks
               from (select %s as row_key, r.digest from written r) k
               left join (select distinct row_key from kernel.v_change where table_name = $1) n
                 on n.row_key = k.row_key', row_key);
    elsif tg_op = 'UPDATE' then -- what no digest covers is no change
        line := format(
            'select %s as row_key, $2 as op, r.digest, to_jsonb(o) - $3 is distinct from to_jsonb(r) - $3 as breaks
               from written r left join removed o using (%s)
              where o.digest is distinct from r.digest',
            row_key, (select string_agg(quote_ident(c), ', ') from unnest(string_to_array(tg_argv[0], ',')) as k (c)));
    end if;
    if rows < 8 then
        execute format('insert into kernel.change (table_name, row_key, op, digest, breaks)
                        select $1, l.* from (%s) l', line)
            using tg_table_schema || '.' || tg_table_name, lower(tg_op), changes;
    else
        execute format(
            'insert into kernel.change (table_name, row_key, op, row_keys, digests, breaks)
             select $1, count(*) || '' rows'', op, array_agg(row_key), array_agg(digest), breaks
               from (select l.*, row_number() over () / 1000 as place from (%s) l) p group by op, breaks, place', line)
            using tg_table_schema || '.' || tg_table_name, lower(tg_op), changes;
    end if;
    return null;
end
$$;

-- Notes what was appended together, as one line: for tables with many rows, a digest of their own and an id.
create function kernel.log_batch() returns trigger
    language plpgsql security definer set search_path = pg_catalog
as $$
begin
    if current_setting('stipend.writes', true) is distinct from 'on' then
        return null;
    end if;
    execute format(
        'insert into kernel.change (table_name, row_key, op, ids, digest)
         select $1, count(*) || '' rows'', ''batch'', array_agg(r.%1$I order by r.%1$I, r.digest),
                sha256(string_agg(r.digest, ''''::bytea order by r.%1$I, r.digest))
           from written r having count(*) > 0', tg_argv[0])
        using tg_table_schema || '.' || tg_table_name;
    return null;
end
$$;

create function kernel.row_key(key_columns text) returns text
    language sql immutable strict set search_path = pg_catalog
as $$
    select string_agg(format('%L || r.%I::text', c || '=', c), ' || '', '' || ' order by n)
      from unnest(string_to_array(key_columns, ',')) with ordinality as k (c, n)
$$;

comment on function kernel.row_key is 'The expression that names a row r, such as name=a, version=2.';

drop function kernel.verify_guarded();
drop function kernel.guard(regclass);

create function kernel.guard(
    target regclass, changing text[] default '{}', passing text[] default '{}', removable boolean default false)
    returns void
    language plpgsql
as $$
declare
    key_columns text;
    arguments   text;
begin
    if not exists (
        select from pg_attribute
        where attrelid = target and attname = 'digest' and atttypid = 'bytea'::regtype and attnotnull
    ) then
        raise exception '% needs a column: digest bytea not null default ''''', target;
    end if;
    if exists (select from pg_attribute where attrelid = target and attgenerated <> '') then
        raise exception '% has a generated column, which a trigger before the row cannot see', target;
    end if;
    select string_agg(a.attname, ',' order by k.place) into key_columns
      from pg_index i
     cross join unnest(i.indkey) with ordinality as k (number, place)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
     where i.indrelid = target and i.indisprimary;
    if key_columns is null then
        raise exception '% needs a primary key, by which its rows are named', target;
    end if;

    execute format(
        'drop trigger if exists zzz_guard_row on %1$s; drop trigger if exists zzz_guard_all on %1$s;
         drop trigger if exists zzz_log_insert on %1$s; drop trigger if exists zzz_log_update on %1$s;
         drop trigger if exists zzz_log_delete on %1$s;', target);
    -- Triggers run in the order of their names, and the first must see what others have done.
    execute format(
        'create trigger zzz_guard_row before insert or update or delete on %s
         for each row execute function kernel.guard_row(%L)', target, array_to_string(passing, ','));
    execute format(
        'create trigger zzz_guard_all before truncate on %s
         for each statement execute function kernel.guard_row()', target);
    arguments := format('%L, %L, %L, %L', key_columns, array_to_string(changing, ','), array_to_string(passing, ','),
        case when removable then 'removable' else '' end);
    execute format(
        'create trigger zzz_log_insert after insert on %1$s referencing new table as written
         for each statement execute function kernel.log_change(%2$s);
         create trigger zzz_log_update after update on %1$s referencing old table as removed new table as written
         for each statement execute function kernel.log_change(%2$s);
         create trigger zzz_log_delete after delete on %1$s referencing old table as removed
         for each statement execute function kernel.log_change(%2$s);', target, arguments);
end
$$;

comment on function kernel.guard is
    'Guards a table that has a column digest bytea not null default '''' and a primary key. changing: the columns that '
    'Stipend updates, all others are never changed; passing: columns that are worth nothing as evidence (when to look '
    'next); removable: Stipend deletes rows. The application''s role gets just those rights.';

create or replace function kernel.redigest(target regclass) returns void
    language plpgsql
as $$
declare
    writes text := coalesce(current_setting('stipend.writes', true), '');
begin
    -- Not a SET clause of the function: only a superuser may write one for a setting that no extension declares.
    perform set_config('stipend.writes', 'on', true), set_config('stipend.redigest', 'on', true);
    execute format('update %s set digest = digest', target);
    perform set_config('stipend.writes', writes, true), set_config('stipend.redigest', '', true);
end
$$;

-- Puts what was changed since under the seal of a day. Only a day later than every sealed one can be sealed.
create function kernel.seal_changes(day date) returns void
    language plpgsql security definer set search_path = pg_catalog
as $$
begin
    if exists (select from kernel.change c where c.op = 'seal' and c.sealed_on >= day) then
        raise exception 'kernel: % is sealed', day using errcode = 'ST002';
    end if;
    update kernel.change c set sealed_on = day where c.sealed_on is null;
    insert into kernel.change (table_name, row_key, op, sealed_on) values ('ledger.seal', 'day=' || day, 'seal', day);
end
$$;

-- What decides when somebody's tokens vest, what a tuning job holds, who is stopped and whose password the demo sets
-- were not guarded.
alter table compensation.vesting add column digest bytea not null default '';
alter table gateway.tuning_job add column digest bytea not null default '';
alter table gateway.wallet_stop add column digest bytea not null default '';
alter table host.demo_account add column digest bytea not null default '';

do $$
declare
    guarded record;
    target  regclass;
begin
    -- Which columns Stipend updates; of a table that is not named here, none.
    for guarded in
        select distinct on (t.name) * from (
            values ('compensation.claim', '{is_approved,reason,decided_by,decided_by_account,decided_by_person,'
                       'decided_at}', '{}', false),
                   ('compensation.grant_chunk', '{lines,total_milli,content,posted_at,rolled,returned_milli}', '{}',
                       true),
                   ('compensation.grant_run', '{people,lines,skipped,total_milli,total_usd_nanos,content,approved,'
                       'decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,'
                       'reversal_reason,reversal_by,reversal_by_account,reversal_by_person,reversal_at,'
                       'reversed_by,reversed_by_account,reversed_by_person,reversed_at,reversed_alone}', '{}', true),
                   ('compensation.notice', '{seen_at}', '{}', false),
                   ('compensation.phase_step', '{report,begins_on,proposed_by,proposed_by_account,proposed_by_person,'
                       'proposed_at,opened_at,opened_alone}', '{}', false),
                   ('compensation.phase_vote', '{in_favour,reason,voted_at,voter_account,voter_person}', '{}', true),
                   ('compensation.tier_request', '{decision,decided_by,decided_by_account,decided_by_person,decided_at,'
                       'reason,from_on}', '{}', false),
                   ('compensation.vesting', '{vested_milli,next_on}', '{}', false),
                   ('compensation.vesting_fact', '{approved_by,approved_by_account,approved_by_person,approved_at,'
                       'approved_alone,declined_by,declined_by_account,declined_by_person,declined_at,declined_reason}',
                       '{}', false),
                   ('gateway.key', '{revoked_at}', '{}', false),
                   ('gateway.provider_key', '{sealed,erased_at,retires_at}', '{}', false),
                   ('gateway.tuning_file', '{deleted_at}', '{}', false),
                   ('gateway.tuning_job', '{upstream_id,seen,warning,ended_at,trained_tokens,charged_milli}',
                       '{next_check_at,checks,missing_since}', false),
                   ('gateway.wallet_stop', '{cleared_at,cleared_by}', '{}', false),
                   ('host.account', '{password_hash}', '{}', false),
                   ('host.demo_account', '{}', '{}', false),
                   ('host.token', '{revoked_at}', '{}', false),
                   ('people.identity', '{}', '{}', true),
                   ('people.person', '{email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay_cents,'
                       'total_pay_cents,currency,is_bot}', '{}', false)
            union all
            select t.tgrelid::regclass::text, '{}', '{}', false
              from pg_trigger t where t.tgname = 'zzz_guard_row' and t.tgparentid = 0
        ) as t (name, changing, passing, removable)
        order by t.name, length(t.changing) desc, t.removable desc
    loop
        target := guarded.name::regclass;
        perform kernel.guard(target, guarded.changing::text[], guarded.passing::text[], guarded.removable);
        perform kernel.redigest(target); -- what there is today is where evidence begins
    end loop;
end $$;

-- The journal: a line for each group that is booked, not for each request.
create trigger zzz_log_batch after insert on metering.request referencing new table as written
    for each statement execute function kernel.log_batch('request_id');

insert into kernel.change (table_name, row_key, op, ids, digest)
select 'metering.request', count(*) || ' rows', 'batch', array_agg(request_id order by request_id, digest),
       sha256(string_agg(digest, ''::bytea order by request_id, digest))
  from metering.request group by date_trunc('hour', started_at);

-- Corrections are few and have a digest of their own, which is noted for each.
create trigger zzz_log_insert after insert on metering.correction referencing new table as written
    for each statement execute function kernel.log_change('wallet_id,started_at,request_id,version', '', '', '');
create trigger zzz_log_update after update on metering.correction referencing old table as removed new table as written
    for each statement execute function kernel.log_change('wallet_id,started_at,request_id,version', '', '', '');
create trigger zzz_log_delete after delete on metering.correction referencing old table as removed
    for each statement execute function kernel.log_change('wallet_id,started_at,request_id,version', '', '', '');
select kernel.redigest('metering.correction');

-- When servers ran: without a seal although one did is another thing than without one because none did.
create view gateway.v_node as
select holder, started_at, lease_until from gateway.node;

-- A seal of the second form covers, beside the heads of the ledger's chains, what was changed in every table.
alter table ledger.seal
    add column form    smallint not null default 1,
    add column changes bigint   not null default 0;

-- What a day's seal says of each guarded table: its rows then, and the digest of all its changes up to then.
create table ledger.seal_table (
    day        date   not null references ledger.seal,
    table_name text   not null,
    rows       bigint not null,
    changes    bigint not null, -- of that day
    root       bytea  not null check (length(root) = 32),
    primary key (day, table_name)
);

-- Which rights the owner gave to which role: the digest of the statements, so that each start need not repeat them.
create table host.rights (
    role   text  primary key,
    script bytea not null
);

-- Making a month's partitions needs the owner's rights, and is all that the application may do with them.
alter function metering.ensure_month security definer;
alter function metering.ensure_month set search_path = pg_catalog;

-- As text, which is held against the program's own; a body that is parsed once reads otherwise on each server.
create or replace function compensation.run_digest(run uuid) returns bytea
    language sql stable strict
    set search_path = pg_catalog
as $$
    select sha256(convert_to(concat_ws(e'\n', 'stipend/grant-run/1', r.run_id, r.plan, p.version,
               encode(sha256(convert_to(p.yaml, 'UTF8')), 'hex'), r.period, r.kind, r.attempt, r.token_value_nanos,
               r.lines, r.total_milli, r.total_usd_nanos, c.chunks), 'UTF8'))
      from compensation.grant_run r
      join compensation.plan p on p.plan_id = r.plan_id
     cross join lateral (
        select string_agg(concat_ws(' ', chunk, asset, lines, total_milli, encode(content, 'hex')), e'\n'
                          order by chunk) as chunks
          from compensation.grant_chunk where run_id = r.run_id) c
     where r.run_id = run
$$;
