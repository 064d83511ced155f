-- The sum of db/migrations, as pg_dump writes it. Nobody runs this file; it is here to be read and searched.
-- GUERDON_UPDATE=1 ./test Database -class Guerdon.Database.Host.SchemaTests writes it.
CREATE SCHEMA approvals;

CREATE SCHEMA compensation;

CREATE SCHEMA gateway;

CREATE SCHEMA host;

CREATE SCHEMA kernel;

CREATE SCHEMA ledger;

CREATE SCHEMA metering;

CREATE SCHEMA openid;

CREATE SCHEMA people;

CREATE SCHEMA pricing;

CREATE SCHEMA scim;

CREATE SCHEMA web;

CREATE FUNCTION approvals.keep_decided() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if old.state <> 'waiting' then
        raise exception 'proposal % is decided', old.input_id using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;

CREATE FUNCTION compensation.approved_digest(run uuid) RETURNS bytea
    LANGUAGE sql STABLE STRICT
    SET search_path TO 'pg_catalog'
    AS $$
    select compensation.runs_digest(
        run || array(select s.run_id from compensation.grant_run s where s.set_aside_from = run))
$$;

COMMENT ON FUNCTION compensation.approved_digest(run uuid) IS 'The digest that an approval of the run named: of it and of what was set aside from it.';

CREATE FUNCTION compensation.run_digest(run uuid) RETURNS bytea
    LANGUAGE sql STABLE STRICT
    SET search_path TO 'pg_catalog'
    AS $$
    select compensation.runs_digest(array[run])
$$;

COMMENT ON FUNCTION compensation.run_digest(run uuid) IS 'The digest that an approval of the run names.';

CREATE FUNCTION compensation.runs_digest(runs uuid[]) RETURNS bytea
    LANGUAGE sql STABLE STRICT
    SET search_path TO 'pg_catalog'
    AS $$
    select sha256(convert_to(concat_ws(e'\n', 'guerdon/grant-run/1', r.run_id, r.plan, p.version,
               encode(sha256(convert_to(p.yaml, 'UTF8')), 'hex'), r.period, r.kind, r.attempt, r.token_value_nanos,
               s.lines, s.total_milli, s.total_usd_nanos, c.chunks), 'UTF8'))
      from compensation.grant_run r
      join compensation.plan p on p.plan_id = r.plan_id
     cross join lateral (
        select sum(lines) as lines, sum(total_milli) as total_milli, sum(total_usd_nanos) as total_usd_nanos
          from compensation.grant_run where run_id = any (runs)) s
     cross join lateral (
        select string_agg(concat_ws(' ', chunk, asset, lines, total_milli, encode(content, 'hex')), e'\n'
                          order by chunk) as chunks
          from (select chunk, min(asset) as asset, sum(lines) as lines, sum(total_milli) as total_milli,
                       case when count(*) = 1 then (array_agg(content))[1]
                            else (select sha256(string_agg(l.evidence, ''::bytea order by l.line))
                                    from compensation.grant_line l
                                   where l.run_id = any (runs) and l.chunk = k.chunk) end as content
                  from compensation.grant_chunk k where run_id = any (runs) group by chunk) of) c
     where r.run_id = runs[1]
$$;

COMMENT ON FUNCTION compensation.runs_digest(runs uuid[]) IS 'The digest that the first of these runs had when what is in the others was in it.';

CREATE FUNCTION host.end_once() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if to_jsonb(old) ->> tg_argv[0] is not null
        and to_jsonb(old) - 'digest'::text is distinct from to_jsonb(new) - 'digest'::text then
        raise exception 'a row of %.% that has ended stays as it is', tg_table_schema, tg_table_name
            using errcode = 'check_violation';
    end if;
    return new;
end
$$;

CREATE FUNCTION host.find_person() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if new.person_id is null then
        perform pg_advisory_xact_lock(hashtextextended('people.import', 0)); -- as SavePeople and ChangeEmail have it
        select p.person_id into new.person_id from people.person p where p.email = new.email;
    end if;
    return new;
end
$$;

CREATE FUNCTION host.follow_addresses() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
declare
    taken text;
begin
    select string_agg(concat(a.email, e'\t', coalesce(o.name, a.name || ', who is not on file')), e'\n')
      into taken
      from before b
      join after n using (person_id)
      join host.account a on a.email = n.email and a.person_id is distinct from n.person_id
      left join people.person o on o.person_id = a.person_id
     where b.email <> n.email
       and (a.person_id is not null
            or exists (select from host.account own where own.person_id = n.person_id and own.email = b.email));
    if taken is not null then
        raise exception using errcode = 'ST003', message = taken;
    end if;

    update host.account a set email = n.email
      from before b join after n using (person_id)
     where b.email <> n.email and a.person_id = n.person_id and a.email = b.email
       and not exists (select from host.account other where other.email = n.email); -- another of the same person's
    update host.account a set person_id = n.person_id
      from before b join after n using (person_id)
     where b.email <> n.email and a.email = n.email and a.person_id is null;
    return null;
end
$$;

CREATE FUNCTION host.join_accounts() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
declare
    taken text;
begin
    select string_agg(concat(a.email, e'\t', coalesce(o.name, a.name || ', who is not on file')), e'\n')
      into taken
      from after n
      join host.account a on a.email = n.email and a.person_id <> n.person_id
      left join people.person o on o.person_id = a.person_id;
    if taken is not null then
        raise exception using errcode = 'ST003', message = taken;
    end if;

    update host.account a set person_id = n.person_id
      from after n where a.email = n.email and a.person_id is null;
    return null;
end
$$;

CREATE FUNCTION host.keep_second_administrator() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if old.counts and to_jsonb(old) - 'digest'::text is distinct from to_jsonb(new) - 'digest'::text then
        raise exception 'a second administrator who counts stays on record' using errcode = 'check_violation';
    end if;
    return new;
end
$$;

CREATE FUNCTION host.keep_service_nobodys() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if new.person_id is not null
       and exists (select from host.service_account v where v.account_id = new.account_id) then
        new.person_id := null;
    end if;
    return new;
end
$$;

CREATE FUNCTION host.note_act() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    act text := pg_catalog.current_setting('guerdon.act', true);
begin
    if coalesce(act, '') = '' or act = pg_catalog.current_setting('guerdon.act_noted', true) then
        return null;
    end if;
    perform pg_catalog.set_config('guerdon.act_noted', act, true);
    insert into host.act
    select * from pg_catalog.jsonb_populate_record(
        null::host.act, pg_catalog.current_setting('guerdon.act_row')::pg_catalog.jsonb);
    return null;
end
$$;

CREATE FUNCTION host.note_second_administrator() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    -- Of two that are made at the same time one sees the other.
    perform pg_advisory_xact_lock(hashtextextended('host.second_administrator', 0));
    insert into host.second_administrator (account_id, since)
    select s.account_id, s.since
      from host.v_administrator_ever s
     where exists (select from host.v_administrator_ever f where f.who <> s.who and
               (f.since, f.account_id) < (s.since, s.account_id))
     order by s.since, s.account_id
     limit 1
    on conflict (only_row) do update
        set account_id = excluded.account_id, since = excluded.since, counts = true
      where not second_administrator.counts;
    return null;
end
$$;

CREATE FUNCTION kernel.fix_text() RETURNS text[]
    LANGUAGE plpgsql
    AS $$
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

COMMENT ON FUNCTION kernel.fix_text() IS 'Fixes the text of values until the transaction ends; returns what was set.';

CREATE FUNCTION kernel.guard(target regclass, changing text[] DEFAULT '{}'::text[], passing text[] DEFAULT '{}'::text[], removable boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql
    AS $_$
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
$_$;

COMMENT ON FUNCTION kernel.guard(target regclass, changing text[], passing text[], removable boolean) IS 'Guards a table that has a column digest bytea not null default '''' and a primary key. changing: the columns that Guerdon updates, all others are never changed; passing: columns that are worth nothing as evidence (when to look next); removable: Guerdon deletes rows. The application''s role gets just those rights.';

CREATE FUNCTION kernel.guard_row() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    passing text[];
    before  text[];
begin
    if tg_op = 'TRUNCATE' then
        raise exception 'rows of %.% are removed only through Guerdon', tg_table_schema, tg_table_name
            using errcode = 'insufficient_privilege';
    end if;
    if pg_catalog.current_setting('guerdon.writes', true) is distinct from 'on' then
        if tg_op = 'DELETE' then
            raise exception 'rows of %.% are removed only through Guerdon', tg_table_schema, tg_table_name
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

    -- A row that was edited by hand stays marked when Guerdon next writes to it: a later write must not launder it.
    if tg_op = 'UPDATE' and old.digest is distinct from
            pg_catalog.sha256(pg_catalog.convert_to((pg_catalog.to_jsonb(old) - passing)::text, 'UTF8'))
        and pg_catalog.current_setting('guerdon.redigest', true) is distinct from 'on' then
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

CREATE FUNCTION kernel.has_fixed_text() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    select pg_catalog.current_setting('TimeZone') = 'UTC'
       and pg_catalog.current_setting('DateStyle') in ('ISO, MDY', 'ISO, DMY', 'ISO, YMD')
       and pg_catalog.current_setting('IntervalStyle') = 'postgres'
       and pg_catalog.current_setting('bytea_output') = 'hex'
       and pg_catalog.current_setting('extra_float_digits') in ('1', '2', '3')
$$;

CREATE FUNCTION kernel.log_batch() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
begin
    if current_setting('guerdon.writes', true) is distinct from 'on' then
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
$_$;

CREATE FUNCTION kernel.log_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET "TimeZone" TO 'UTC'
    SET "DateStyle" TO 'ISO'
    SET "IntervalStyle" TO 'postgres'
    SET bytea_output TO 'hex'
    SET extra_float_digits TO '1'
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $_$
declare
    row_key text   := kernel.row_key(tg_argv[0]);
    changes text[] := string_to_array('digest,' || tg_argv[1] || ',' || tg_argv[2], ',');
    line    text   := format('select %s as row_key, $2 as op, r.digest, false as breaks from written r', row_key);
    rows    bigint;
begin
    if current_setting('guerdon.writes', true) is distinct from 'on' then
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

    if tg_op <> 'DELETE' and current_setting('guerdon.redigest', true) = 'on' then
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
$_$;

CREATE FUNCTION kernel.redigest(target regclass) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
    writes text := coalesce(current_setting('guerdon.writes', true), '');
begin
    -- Not a SET clause of the function: only a superuser may write one for a setting that no extension declares.
    perform set_config('guerdon.writes', 'on', true), set_config('guerdon.redigest', 'on', true);
    execute format('update %s set digest = digest', target);
    perform set_config('guerdon.writes', writes, true), set_config('guerdon.redigest', '', true);
end
$$;

COMMENT ON FUNCTION kernel.redigest(target regclass) IS 'Digests every row anew. For a migration that has just added or changed a column of a guarded table; and, once its cause is understood, to accept an edit by hand.';

CREATE FUNCTION kernel.restore_text(before text[]) RETURNS void
    LANGUAGE sql
    AS $$
    select pg_catalog.set_config(n, before[i], true)
      from pg_catalog.unnest(array['TimeZone', 'DateStyle', 'IntervalStyle', 'bytea_output', 'extra_float_digits'])
           with ordinality as t (n, i)
$$;

CREATE FUNCTION kernel.row_digest(row_json jsonb) RETURNS bytea
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$
    select pg_catalog.sha256(pg_catalog.convert_to((row_json - 'digest')::text, 'UTF8'))
$$;

COMMENT ON FUNCTION kernel.row_digest(row_json jsonb) IS 'Of to_jsonb(row), whose text depends on session settings: call it only under those of guard_row.';

CREATE FUNCTION kernel.row_key(key_columns text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
    SET search_path TO 'pg_catalog'
    AS $$
    select string_agg(format('%L || r.%I::text', c || '=', c), ' || '', '' || ' order by n)
      from unnest(string_to_array(key_columns, ',')) with ordinality as k (c, n)
$$;

COMMENT ON FUNCTION kernel.row_key(key_columns text) IS 'The expression that names a row r, such as name=a, version=2.';

CREATE FUNCTION kernel.seal_changes(day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    sealed date := (select max(s.day) from ledger.seal s);
    due    date := sealed + 1;
begin
    if sealed is null then
        select least((select min(e.at at time zone 'UTC')::date from ledger.entry e),
                     (select min(c.at at time zone 'UTC')::date from kernel.change c where c.op <> 'seal')) into due;
    end if;
    if day <= sealed then
        raise exception 'kernel: % is sealed', day using errcode = 'ST002';
    end if;
    if day is distinct from due or day >= (now() at time zone 'UTC')::date then
        raise exception 'kernel: % cannot be sealed: the next is %, once it has ended', day, due
            using errcode = 'ST002';
    end if;
    update kernel.change c set sealed_on = day where c.sealed_on is null;
    if not exists (select from kernel.change c where c.sealed_on = day and c.op = 'seal') then
        insert into kernel.change (table_name, row_key, op, sealed_on)
        values ('ledger.seal', 'day=' || day, 'seal', day);
    end if;
end
$$;

CREATE FUNCTION ledger.account_available() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 1::int2$$;

CREATE FUNCTION ledger.account_converted() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 7::int2$$;

CREATE FUNCTION ledger.account_elsewhere() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 0::int2$$;

COMMENT ON FUNCTION ledger.account_elsewhere() IS 'The account is one of the other wallet.';

CREATE FUNCTION ledger.account_escrow() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 2::int2$$;

CREATE FUNCTION ledger.account_expired() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 4::int2$$;

CREATE FUNCTION ledger.account_locked() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 6::int2$$;

CREATE FUNCTION ledger.account_spent() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 3::int2$$;

CREATE FUNCTION ledger.account_unvested() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 5::int2$$;

CREATE FUNCTION ledger.accounts_own() RETURNS smallint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select array[ledger.account_available(), ledger.account_escrow(), ledger.account_locked()]$$;

COMMENT ON FUNCTION ledger.accounts_own() IS 'What is the owner''s: free, in escrow, or set aside to convert.';

CREATE FUNCTION ledger.accounts_used() RETURNS smallint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select array[ledger.account_spent(), ledger.account_converted()]$$;

COMMENT ON FUNCTION ledger.accounts_used() IS 'What the owner has had the use of: spent or converted.';

CREATE FUNCTION ledger.asset_compute() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 1::int2$$;

CREATE FUNCTION ledger.asset_reward() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 2::int2$$;

CREATE FUNCTION ledger.expect(moved bigint, wanted bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if moved <> wanted then
        raise exception 'ledger: % of % wallets were where the writer knew them', moved, wanted using errcode = 'ST001';
    end if;
end $$;

CREATE FUNCTION ledger.expect_noted() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
begin
    if not exists (select from kernel.change c where c.sealed_on = new.day and c.op = 'seal') then
        raise exception 'ledger: % has a seal once kernel.seal_changes has said what it covers', new.day
            using errcode = 'ST002';
    end if;
    return new;
end
$$;

CREATE FUNCTION ledger.expect_open(day date) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    if exists (select from ledger.seal s where s.day >= expect_open.day) then
        raise exception 'ledger: % is sealed', day using errcode = 'ST002';
    end if;
end $$;

CREATE FUNCTION ledger.kind_award() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 10::int2$$;

CREATE FUNCTION ledger.kind_convert() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 15::int2$$;

CREATE FUNCTION ledger.kind_draw() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 3::int2$$;

CREATE FUNCTION ledger.kind_expire() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 7::int2$$;

CREATE FUNCTION ledger.kind_forfeit() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 12::int2$$;

CREATE FUNCTION ledger.kind_fund() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 1::int2$$;

CREATE FUNCTION ledger.kind_grant() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 2::int2$$;

CREATE FUNCTION ledger.kind_lapse() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 17::int2$$;

CREATE FUNCTION ledger.kind_lock() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 13::int2$$;

CREATE FUNCTION ledger.kind_reconvert() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 16::int2$$;

CREATE FUNCTION ledger.kind_refund() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 8::int2$$;

CREATE FUNCTION ledger.kind_return() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 5::int2$$;

CREATE FUNCTION ledger.kind_revoke() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 9::int2$$;

CREATE FUNCTION ledger.kind_settle() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 4::int2$$;

CREATE FUNCTION ledger.kind_spend() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 6::int2$$;

CREATE FUNCTION ledger.kind_unlock() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 14::int2$$;

CREATE FUNCTION ledger.kind_vest() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 11::int2$$;

CREATE FUNCTION metering.decide_once() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    perform pg_advisory_xact_lock(hashtextextended('metering.reconciliation/' || new.reconciliation_id, 0));
    if exists (select from metering.reconciliation_applied a where a.reconciliation_id = new.reconciliation_id)
        or exists (select from metering.reconciliation_declined d where d.reconciliation_id = new.reconciliation_id)
    then
        raise unique_violation using message = format('%s is decided already', new.reconciliation_id);
    end if;
    return new;
end
$$;

CREATE FUNCTION metering.ensure_month(month date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
declare
    first  date;
    after  date;
    parent text;
begin
    -- Calls are booked from 2000 on; nodes make partitions two months ahead, by their own clocks,
    -- which a simulation may have turned.
    if month is null or month < '2000-01-01' or month > (now() + interval '10 years')::date then
        raise exception 'metering: % has no partition: it is before 2000, or more than ten years ahead', month
            using errcode = 'invalid_parameter_value';
    end if;
    first := date_trunc('month', month);
    after := first + interval '1 month';
    perform pg_advisory_xact_lock(hashtext('metering.ensure_month'));
    foreach parent in array array['opening_group', 'request'] loop
        if to_regclass(format('metering.%I', parent || to_char(first, '_YYYY_MM'))) is null then
            begin
                execute format('create table metering.%I partition of metering.%I for values from (%L) to (%L)',
                    parent || to_char(first, '_YYYY_MM'), parent, first::text || ' 00:00+00',
                    after::text || ' 00:00+00');
                if parent = 'opening_group' then -- a hundred openings fit a row, with nothing compressed or set aside
                    execute format('alter table metering.%I set (toast_tuple_target = 8160)',
                        parent || to_char(first, '_YYYY_MM'));
                end if;
            exception when check_violation then
                null; -- the default partition holds rows of that month
            end;
        end if;
    end loop;
end
$$;

CREATE FUNCTION metering.outcome_answered() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 1::int2$$;

CREATE FUNCTION metering.outcome_cut() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 3::int2$$;

CREATE FUNCTION metering.outcome_hung_up() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 4::int2$$;

CREATE FUNCTION metering.outcome_lost() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 6::int2$$;

CREATE FUNCTION metering.outcome_provider_error() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 2::int2$$;

CREATE FUNCTION metering.outcome_unreachable() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 5::int2$$;

CREATE FUNCTION metering.outcome_withdrawn() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 7::int2$$;

CREATE FUNCTION metering.part_tokens() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 1::int2$$;

CREATE FUNCTION metering.part_unknown() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 3::int2$$;

CREATE FUNCTION metering.part_uses() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 2::int2$$;

CREATE FUNCTION metering.source_gateway() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 1::int2$$;

CREATE FUNCTION metering.source_import() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 2::int2$$;

CREATE FUNCTION metering.source_tuning() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 3::int2$$;

CREATE FUNCTION metering.state_corrected() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 5::int2$$;

CREATE FUNCTION metering.state_estimated() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 2::int2$$;

CREATE FUNCTION metering.state_provisional() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 3::int2$$;

CREATE FUNCTION metering.state_settled() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 1::int2$$;

CREATE FUNCTION metering.state_unpriced() RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select 4::int2$$;

CREATE FUNCTION openid.end_links() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    update openid.link set ended_at = greatest(new.closed_at, linked_at), ended_by = new.closed_by
     where account_id = new.account_id and ended_at is null;
    return null;
end
$$;

CREATE FUNCTION people.begin_spans() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    if tg_op = 'INSERT' then
        insert into people.person_span (
            person_id, starts_on, team, role, level, country, cost_centre, base_pay_cents, total_pay_cents, currency)
        select person_id, hired_on, team, role, level, country, cost_centre, base_pay_cents, total_pay_cents, currency
          from after;
        return null;
    end if;

    with late as (
        delete from people.person_span s using after a
         where s.person_id = a.person_id and s.starts_on > a.hired_on
           and not exists (
                select from people.person_span e where e.person_id = s.person_id and e.starts_on < s.starts_on)
        returning a.hired_on, s.*)
    insert into people.person_span (
        person_id, starts_on, team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents,
        total_pay_cents, currency, employment, part_time_bp, leave, time_zone)
    select person_id, hired_on, team, role, level, country, legal_entity, cost_centre, manager_id, base_pay_cents,
           total_pay_cents, currency, employment, part_time_bp, leave, time_zone
      from late;
    return null;
end
$$;

CREATE FUNCTION people.called(person uuid, email text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$select coalesce(email, 'prs_' || replace(person::text, '-', ''))$$;

CREATE FUNCTION people.is_under(manager uuid, person uuid, day date) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
    with recursive above as (
        select s.manager_id from people.person_at(day) s where s.person_id = person
         union
        select s.manager_id from above a join people.person_at(day) s on s.person_id = a.manager_id
    )
    select manager <> person and exists (select from above where manager_id = manager)
       and exists (
            select from people.person p
             where p.person_id = person and p.hired_on <= day and (p.left_on is null or p.left_on >= day))
$$;

CREATE FUNCTION people.person_at(day date) RETURNS TABLE(person_id uuid, email text, name text, team text, role text, level text, country character, cost_centre text, hired_on date, left_on date, base_pay_cents bigint, total_pay_cents bigint, currency character, is_bot boolean, legal_entity text, manager_id uuid, employment text, part_time_bp integer, leave text, time_zone text, starts_on date)
    LANGUAGE sql STABLE ROWS 10000 PARALLEL SAFE
    AS $$
    select p.person_id, p.email, p.name, s.team, s.role, s.level, s.country, s.cost_centre, p.hired_on, p.left_on,
           s.base_pay_cents, s.total_pay_cents, s.currency, p.is_bot, s.legal_entity, s.manager_id, s.employment,
           s.part_time_bp, s.leave, s.time_zone, s.starts_on
      from people.person p
     cross join lateral (
        select o.* from people.person_span o
         where o.person_id = p.person_id and o.starts_on <= greatest(day, p.hired_on)
         order by o.starts_on desc
         limit 1) s
$$;

CREATE FUNCTION people.tell_access() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    perform pg_notify(channel, string_agg('prs_' || replace(person_id::text, '-', ''), ' '))
       from (select person_id, (row_number() over () - 1) / 200 as part from changed) as told
      cross join (values ('people_last_days'), ('people_access')) as channels (channel)
      group by channel, part;
    return null;
end
$$;

CREATE FUNCTION people.tell_last_days() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
    perform pg_notify('people_last_days', string_agg('prs_' || replace(person_id::text, '-', ''), ' '))
       from (select person_id, (row_number() over () - 1) / 200 as part
               from before b join after a using (person_id)
              where a.left_on is distinct from b.left_on) as changed
      group by part;
    return null;
end
$$;

CREATE FUNCTION people.under(manager uuid, day date) RETURNS TABLE(person_id uuid)
    LANGUAGE sql STABLE
    AS $$
    with recursive below as (
        select p.person_id
          from people.person_span s
          join people.person p using (person_id)
         where s.manager_id = manager and s.starts_on <= greatest(day, p.hired_on)
           and not exists (
                select from people.person_span n
                 where n.person_id = s.person_id and n.starts_on > s.starts_on
                   and n.starts_on <= greatest(day, p.hired_on))
         union
        select p.person_id
          from below b
          join people.person_span s on s.manager_id = b.person_id
          join people.person p on p.person_id = s.person_id
         where s.starts_on <= greatest(day, p.hired_on)
           and not exists (
                select from people.person_span n
                 where n.person_id = s.person_id and n.starts_on > s.starts_on
                   and n.starts_on <= greatest(day, p.hired_on))
    )
    select p.person_id from below b join people.person p using (person_id)
     where p.hired_on <= day and (p.left_on is null or p.left_on >= day)
$$;

CREATE TABLE approvals.input (
    input_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    about text NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    basis text NOT NULL,
    changes jsonb NOT NULL,
    reach integer NOT NULL,
    reaches uuid[] NOT NULL,
    first_reaches uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    takes_two boolean NOT NULL,
    content bytea NOT NULL,
    asked_by text NOT NULL,
    asked_by_account uuid,
    asked_by_person uuid,
    asked_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    decided_by text,
    decided_by_account uuid,
    decided_by_person uuid,
    decided_at timestamp with time zone,
    decided_alone boolean NOT NULL,
    reason text,
    made text,
    made_id uuid,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT input_about_check CHECK (((length(about) >= 1) AND (length(about) <= 500))),
    CONSTRAINT input_alone CHECK (((NOT decided_alone) OR (state = 'approved'::text))),
    CONSTRAINT input_asked_by_check CHECK (((length(asked_by) >= 1) AND (length(asked_by) <= 320))),
    CONSTRAINT input_basis_check CHECK (((length(basis) >= 1) AND (length(basis) <= 20000))),
    CONSTRAINT input_body_check CHECK ((octet_length(body) <= 33554432)),
    CONSTRAINT input_changes_check CHECK ((jsonb_typeof(changes) = 'array'::text)),
    CONSTRAINT input_content_check CHECK ((octet_length(content) = 32)),
    CONSTRAINT input_decided_by_check CHECK (((length(decided_by) >= 1) AND (length(decided_by) <= 320))),
    CONSTRAINT input_decision CHECK ((((state = 'waiting'::text) = (decided_at IS NULL)) AND ((state = 'waiting'::text) = (decided_by IS NULL)))),
    CONSTRAINT input_kind_check CHECK ((kind ~ '^[a-z_]{1,40}$'::text)),
    CONSTRAINT input_made CHECK (((state = 'approved'::text) = (made IS NOT NULL))),
    CONSTRAINT input_made_check CHECK (((length(made) >= 1) AND (length(made) <= 200))),
    CONSTRAINT input_made_id CHECK (((made_id IS NULL) OR (made IS NOT NULL))),
    CONSTRAINT input_own_alone CHECK (((NOT decided_alone) OR ((NOT takes_two) AND (COALESCE((asked_by_account = decided_by_account), false) OR COALESCE((asked_by_person = decided_by_person), false))))),
    CONSTRAINT input_reach_check CHECK ((reach >= 0)),
    CONSTRAINT input_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT input_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'declined'::text, 'withdrawn'::text, 'overtaken'::text]))),
    CONSTRAINT input_subject_check CHECK ((length(subject) <= 200)),
    CONSTRAINT input_two CHECK (((state <> 'approved'::text) OR decided_alone OR (NOT (COALESCE((asked_by_account = decided_by_account), false) OR COALESCE((asked_by_person = decided_by_person), false) OR COALESCE((decided_by_person = ANY ((reaches || first_reaches))), false)))))
);

CREATE VIEW approvals.v_input AS
 SELECT input.input_id,
    input.kind,
    input.subject,
    input.body,
    input.about,
    input.effective_from,
    input.basis,
    input.changes,
    input.reach,
    input.reaches,
    input.first_reaches,
    input.takes_two,
    input.content,
    input.asked_by,
    input.asked_by_account,
    input.asked_by_person,
    input.asked_at,
    input.state,
    input.decided_by,
    input.decided_by_account,
    input.decided_by_person,
    input.decided_at,
    input.decided_alone,
    input.reason,
    input.made,
    input.made_id
   FROM approvals.input;

CREATE VIEW approvals.v_input_alone AS
 SELECT alone.input_id,
    alone.kind,
    alone.subject,
    alone.made,
    alone.made_id,
        CASE alone.kind
            WHEN 'payroll_settings'::text THEN alone.effective_from
            ELSE GREATEST(alone.effective_from, alone.decided_at)
        END AS effective_from,
    ( SELECT min(
                CASE later.kind
                    WHEN 'payroll_settings'::text THEN later.effective_from
                    ELSE GREATEST(later.effective_from, later.decided_at)
                END) AS min
           FROM approvals.input later
          WHERE ((later.state = 'approved'::text) AND (later.kind = alone.kind) AND
                CASE alone.kind
                    WHEN 'token_value'::text THEN (later.effective_from > alone.effective_from)
                    ELSE ((later.subject = alone.subject) AND (ROW(later.decided_at, later.input_id) > ROW(alone.decided_at, alone.input_id)))
                END)) AS effective_until,
    alone.decided_by,
    alone.decided_at
   FROM approvals.input alone
  WHERE ((alone.state = 'approved'::text) AND alone.decided_alone);

CREATE TABLE compensation.claim (
    claim_id uuid NOT NULL,
    person_id uuid NOT NULL,
    vendor text NOT NULL,
    service text NOT NULL,
    spent_on date NOT NULL,
    amount_cents bigint NOT NULL,
    currency text NOT NULL,
    purpose text NOT NULL,
    receipt bytea NOT NULL,
    terms_id uuid NOT NULL,
    notice_days integer NOT NULL,
    filed_at timestamp with time zone NOT NULL,
    is_approved boolean,
    reason text,
    decided_by text,
    decided_by_person uuid,
    decided_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    decided_by_account uuid,
    CONSTRAINT claim_amount_cents_check CHECK ((amount_cents > 0)),
    CONSTRAINT claim_check CHECK ((((is_approved IS NULL) = (decided_by IS NULL)) AND ((is_approved IS NULL) = (decided_at IS NULL)))),
    CONSTRAINT claim_check1 CHECK (((reason IS NOT NULL) = COALESCE((NOT is_approved), false))),
    CONSTRAINT claim_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT claim_notice_days_check CHECK ((notice_days >= 0)),
    CONSTRAINT claim_purpose_check CHECK (((length(purpose) >= 1) AND (length(purpose) <= 500))),
    CONSTRAINT claim_vendor_check CHECK (((length(vendor) >= 1) AND (length(vendor) <= 100)))
);

CREATE TABLE compensation.clawback (
    run_id uuid NOT NULL,
    line integer NOT NULL,
    person_id uuid NOT NULL,
    left_on date NOT NULL,
    due_milli bigint NOT NULL,
    taken_milli bigint NOT NULL,
    explanation text NOT NULL,
    at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT clawback_check CHECK (((taken_milli >= 0) AND (taken_milli <= due_milli))),
    CONSTRAINT clawback_due_milli_check CHECK ((due_milli > 0))
);

CREATE TABLE compensation.conversion (
    conversion_id uuid NOT NULL,
    person_id uuid NOT NULL,
    number integer NOT NULL,
    key text NOT NULL,
    form text NOT NULL,
    tax_class text NOT NULL,
    asked_milli bigint NOT NULL,
    amount_milli bigint NOT NULL,
    units bigint NOT NULL,
    currency text,
    unit text NOT NULL,
    rate_units bigint NOT NULL,
    rate_milli bigint NOT NULL,
    terms_id uuid NOT NULL,
    window_name text NOT NULL,
    requested_on date NOT NULL,
    requested_by text NOT NULL,
    requested_by_person uuid,
    requested_at timestamp with time zone NOT NULL,
    lock_until timestamp with time zone NOT NULL,
    notice_days integer NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    requested_by_account uuid,
    worth_nanos bigint,
    pays_nanos bigint,
    CONSTRAINT conversion_asked_milli_check CHECK ((asked_milli > 0)),
    CONSTRAINT conversion_check CHECK (((amount_milli >= 1) AND (amount_milli <= asked_milli))),
    CONSTRAINT conversion_check1 CHECK (((currency IS NOT NULL) = (form = 'cash'::text))),
    CONSTRAINT conversion_check2 CHECK ((((units)::numeric * (rate_milli)::numeric) <= ((amount_milli)::numeric * (rate_units)::numeric))),
    CONSTRAINT conversion_form_check CHECK ((form = ANY (ARRAY['cash'::text, 'time_off'::text, 'equity'::text]))),
    CONSTRAINT conversion_key_check CHECK (((length(key) >= 1) AND (length(key) <= 100))),
    CONSTRAINT conversion_notice_days_check CHECK ((notice_days >= 0)),
    CONSTRAINT conversion_number_check CHECK ((number > 0)),
    CONSTRAINT conversion_pays_nanos_check CHECK ((pays_nanos >= 0)),
    CONSTRAINT conversion_rate_milli_check CHECK ((rate_milli > 0)),
    CONSTRAINT conversion_rate_units_check CHECK ((rate_units > 0)),
    CONSTRAINT conversion_units_check CHECK ((units > 0)),
    CONSTRAINT conversion_worth_nanos_check CHECK ((worth_nanos >= 0))
);

CREATE TABLE compensation.conversion_lot (
    conversion_id uuid NOT NULL,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT conversion_lot_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT conversion_lot_lot_check CHECK ((lot > 0))
);

CREATE TABLE compensation.conversion_step (
    conversion_id uuid NOT NULL,
    number integer NOT NULL,
    state text NOT NULL,
    by_name text NOT NULL,
    by_person uuid,
    at timestamp with time zone NOT NULL,
    reason text,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    by_account uuid,
    CONSTRAINT conversion_step_check CHECK (((number = 1) = (state = 'locked'::text))),
    CONSTRAINT conversion_step_number_check CHECK ((number > 0)),
    CONSTRAINT conversion_step_state_check CHECK ((state = ANY (ARRAY['locked'::text, 'approved'::text, 'settled'::text, 'declined'::text, 'withdrawn'::text, 'lapsed'::text, 'reversal_asked'::text, 'reversal_declined'::text, 'reversed'::text])))
);

CREATE TABLE compensation.conversion_terms (
    terms_id uuid NOT NULL,
    version integer NOT NULL,
    effective_from date NOT NULL,
    yaml text NOT NULL,
    applied_by text NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT conversion_terms_version_check CHECK ((version > 0))
);

CREATE TABLE compensation.grant_chunk (
    run_id uuid NOT NULL,
    chunk integer NOT NULL,
    asset smallint NOT NULL,
    lines integer NOT NULL,
    total_milli bigint NOT NULL,
    content bytea NOT NULL,
    posted_at timestamp with time zone,
    rolled boolean DEFAULT false NOT NULL,
    returned_milli bigint,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT grant_chunk_chunk_check CHECK ((chunk >= 0)),
    CONSTRAINT grant_chunk_content_check CHECK ((length(content) = 32)),
    CONSTRAINT grant_chunk_lines_check CHECK ((lines > 0)),
    CONSTRAINT grant_chunk_total_milli_check CHECK ((total_milli > 0))
);

CREATE TABLE compensation.grant_line (
    run_id uuid NOT NULL,
    line integer NOT NULL,
    chunk integer NOT NULL,
    rehearsal boolean NOT NULL,
    plan text NOT NULL,
    kind text NOT NULL,
    term text NOT NULL,
    person_id uuid NOT NULL,
    key text NOT NULL,
    amount_milli bigint NOT NULL,
    usd_nanos bigint NOT NULL,
    pay_cents bigint NOT NULL,
    currency text NOT NULL,
    rate_nanos bigint NOT NULL,
    token_value_nanos bigint NOT NULL,
    tax_class text NOT NULL,
    expires_at timestamp with time zone,
    source text NOT NULL,
    explanation text NOT NULL,
    evidence bytea NOT NULL,
    asset smallint DEFAULT 1 NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    vest_from date,
    live boolean DEFAULT true NOT NULL,
    pay_currency text,
    CONSTRAINT grant_line_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT grant_line_evidence_check CHECK ((length(evidence) = 32)),
    CONSTRAINT grant_line_kind_check CHECK ((kind = ANY (ARRAY['allowance'::text, 'signing_bonus'::text, 'match'::text, 'tier'::text, 'performance'::text, 'package'::text, 'training'::text, 'exception'::text]))),
    CONSTRAINT grant_line_line_check CHECK ((line > 0)),
    CONSTRAINT grant_line_usd_nanos_check CHECK ((usd_nanos > 0))
);

CREATE TABLE compensation.grant_run (
    run_id uuid NOT NULL,
    plan_id uuid NOT NULL,
    plan text NOT NULL,
    period text NOT NULL,
    rehearsal boolean NOT NULL,
    token_value_nanos bigint NOT NULL,
    people integer NOT NULL,
    lines integer NOT NULL,
    skipped integer NOT NULL,
    total_milli bigint NOT NULL,
    total_usd_nanos bigint NOT NULL,
    prepared_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    kind text DEFAULT 'plan'::text NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    prepared_by text DEFAULT ''::text NOT NULL,
    decision text,
    decided_by text,
    decided_at timestamp with time zone,
    reversal_reason text,
    reversal_by text,
    reversal_at timestamp with time zone,
    reversed_by text,
    reversed_at timestamp with time zone,
    prepared_by_account uuid,
    prepared_by_person uuid,
    decided_by_account uuid,
    decided_by_person uuid,
    reversal_by_account uuid,
    reversal_by_person uuid,
    reversed_by_account uuid,
    reversed_by_person uuid,
    decided_alone boolean DEFAULT false NOT NULL,
    reversed_alone boolean DEFAULT false NOT NULL,
    content bytea,
    approved bytea,
    set_aside_from uuid,
    CONSTRAINT grant_run_approved_check CHECK ((length(approved) = 32)),
    CONSTRAINT grant_run_content_check CHECK ((length(content) = 32)),
    CONSTRAINT grant_run_decided CHECK ((num_nulls(decision, decided_by, decided_at) = ANY (ARRAY[0, 3]))),
    CONSTRAINT grant_run_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'declined'::text]))),
    CONSTRAINT grant_run_kind_check CHECK ((kind = ANY (ARRAY['plan'::text, 'awards'::text]))),
    CONSTRAINT grant_run_period_check CHECK ((period ~ '^\d{4}-\d{2}$'::text)),
    CONSTRAINT grant_run_reversal CHECK ((num_nulls(reversal_reason, reversal_by, reversal_at) = ANY (ARRAY[0, 3]))),
    CONSTRAINT grant_run_reversed CHECK (((num_nulls(reversed_by, reversed_at) = ANY (ARRAY[0, 2])) AND ((reversed_by IS NULL) OR (reversal_by IS NOT NULL)))),
    CONSTRAINT grant_run_token_value_nanos_check CHECK ((token_value_nanos > 0))
);

CREATE TABLE compensation.notice (
    notice_id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT notice_kind_check CHECK ((kind ~ '^[a-z_]{1,40}$'::text)),
    CONSTRAINT notice_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 200))),
    CONSTRAINT notice_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);

CREATE TABLE compensation.notice_choice (
    person_id uuid NOT NULL,
    kind text NOT NULL,
    by_email boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT notice_choice_kind_check CHECK ((kind ~ '^[a-z_]{1,40}$'::text))
);

CREATE TABLE compensation.notice_delivery (
    notice_id uuid NOT NULL,
    way text NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    last_error text,
    CONSTRAINT notice_delivery_check CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
    CONSTRAINT notice_delivery_check1 CHECK (((state <> 'sent'::text) OR (tries > 0))),
    CONSTRAINT notice_delivery_last_error_check CHECK ((length(last_error) <= 200)),
    CONSTRAINT notice_delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'skipped'::text, 'failed'::text]))),
    CONSTRAINT notice_delivery_tries_check CHECK ((tries >= 0))
);

CREATE TABLE compensation.notice_served (
    way text NOT NULL,
    served_at timestamp with time zone NOT NULL,
    CONSTRAINT notice_served_way_check CHECK ((way = ANY (ARRAY['email'::text, 'webhook'::text])))
);

CREATE TABLE compensation.notice_way (
    way text NOT NULL,
    is_on boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT notice_way_way_check CHECK ((way = ANY (ARRAY['email'::text, 'webhook'::text])))
);

CREATE TABLE compensation.offer (
    offer_id uuid NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    candidate text NOT NULL,
    role text NOT NULL,
    employer text NOT NULL,
    is_competitor boolean NOT NULL,
    valid_until date NOT NULL,
    yaml text NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT offer_version_check CHECK ((version > 0))
);

CREATE TABLE compensation.offer_link (
    link_id uuid NOT NULL,
    offer_id uuid NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT offer_link_check CHECK ((expires_at > made_at))
);

CREATE TABLE compensation.offer_link_revoked (
    link_id uuid NOT NULL,
    revoked_by text NOT NULL,
    revoked_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE compensation.pay_line (
    pay_line_id uuid NOT NULL,
    person_id uuid NOT NULL,
    kind text NOT NULL,
    form text NOT NULL,
    tax_class text NOT NULL,
    amount bigint NOT NULL,
    currency text,
    unit text NOT NULL,
    pay_on date NOT NULL,
    explanation text NOT NULL,
    notice_id uuid NOT NULL,
    conversion_id uuid,
    claim_id uuid,
    corrects uuid,
    created_at timestamp with time zone NOT NULL,
    approved_by text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT pay_line_check CHECK ((num_nonnulls(conversion_id, claim_id) = 1)),
    CONSTRAINT pay_line_check1 CHECK (((kind = 'conversion'::text) <= (conversion_id IS NOT NULL))),
    CONSTRAINT pay_line_check2 CHECK (((kind = 'reimbursement'::text) <= (claim_id IS NOT NULL))),
    CONSTRAINT pay_line_check3 CHECK (((currency IS NOT NULL) = (form = 'cash'::text))),
    CONSTRAINT pay_line_check4 CHECK (((kind = 'reversal'::text) = (corrects IS NOT NULL))),
    CONSTRAINT pay_line_check5 CHECK (
CASE kind
    WHEN 'reversal'::text THEN (amount < 0)
    ELSE (amount > 0)
END),
    CONSTRAINT pay_line_explanation_check CHECK ((length(explanation) > 0)),
    CONSTRAINT pay_line_form_check CHECK ((form = ANY (ARRAY['cash'::text, 'time_off'::text, 'equity'::text]))),
    CONSTRAINT pay_line_kind_check CHECK ((kind = ANY (ARRAY['conversion'::text, 'reimbursement'::text, 'reversal'::text])))
);

CREATE TABLE compensation.payroll_export (
    export_id uuid NOT NULL,
    layout text NOT NULL,
    period_from date NOT NULL,
    period_to date NOT NULL,
    pay_on date NOT NULL,
    settings_id uuid NOT NULL,
    file_name text NOT NULL,
    sha256 bytea NOT NULL,
    content bytea NOT NULL,
    lines integer NOT NULL,
    exported_by text NOT NULL,
    exported_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT payroll_export_check CHECK ((period_to >= period_from)),
    CONSTRAINT payroll_export_check1 CHECK ((sha256 = sha256(content))),
    CONSTRAINT payroll_export_layout_check CHECK ((layout = ANY (ARRAY['adp'::text, 'gusto'::text, 'workday'::text, 'plain'::text]))),
    CONSTRAINT payroll_export_lines_check CHECK ((lines >= 0))
);

CREATE TABLE compensation.payroll_export_line (
    layout text NOT NULL,
    source text NOT NULL,
    source_id uuid NOT NULL,
    lot integer NOT NULL,
    export_id uuid NOT NULL,
    number integer NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT payroll_export_line_number_check CHECK ((number > 0)),
    CONSTRAINT payroll_export_line_source_check CHECK ((source = ANY (ARRAY['pay_line'::text, 'grant'::text, 'vest'::text])))
);

CREATE TABLE compensation.payroll_settings (
    settings_id uuid NOT NULL,
    version integer NOT NULL,
    effective_from date NOT NULL,
    yaml text NOT NULL,
    applied_by text NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT payroll_settings_version_check CHECK ((version > 0))
);

CREATE TABLE compensation.phase_step (
    plan text NOT NULL,
    phase text NOT NULL,
    report text NOT NULL,
    begins_on date NOT NULL,
    proposed_by text NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    proposed_by_account uuid,
    proposed_by_person uuid,
    opened_alone boolean DEFAULT false NOT NULL,
    CONSTRAINT phase_step_report_check CHECK ((report <> ''::text))
);

CREATE TABLE compensation.phase_vote (
    plan text NOT NULL,
    phase text NOT NULL,
    voter text NOT NULL,
    in_favour boolean NOT NULL,
    reason text NOT NULL,
    voted_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    voter_account uuid,
    voter_person uuid
);

CREATE TABLE compensation.plan (
    plan_id uuid NOT NULL,
    name text NOT NULL,
    version integer NOT NULL,
    effective_from date NOT NULL,
    yaml text NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    applied_by text DEFAULT ''::text NOT NULL,
    CONSTRAINT plan_version_check CHECK ((version > 0))
);

CREATE TABLE compensation.pool (
    pool_id uuid NOT NULL,
    name text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE compensation.receipt (
    sha256 bytea NOT NULL,
    content_type text NOT NULL,
    bytes integer NOT NULL,
    stored_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT receipt_bytes_check CHECK (((bytes >= 1) AND (bytes <= 5242880))),
    CONSTRAINT receipt_content_type_check CHECK ((content_type = ANY (ARRAY['application/pdf'::text, 'image/png'::text, 'image/jpeg'::text])))
);

CREATE TABLE compensation.receipt_content (
    sha256 bytea NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT receipt_content_check CHECK ((sha256 = sha256(content))),
    CONSTRAINT receipt_content_content_check CHECK (((length(content) >= 1) AND (length(content) <= 5242880)))
);

CREATE TABLE compensation.tier_request (
    request_id uuid NOT NULL,
    person_id uuid NOT NULL,
    plan text NOT NULL,
    tier text NOT NULL,
    use_case text NOT NULL,
    impact text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decision text,
    decided_by text,
    decided_at timestamp with time zone,
    reason text,
    from_on date,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    decided_by_account uuid,
    decided_by_person uuid,
    CONSTRAINT tier_request_check CHECK ((num_nulls(decision, decided_by, decided_at, reason) = ANY (ARRAY[0, 4]))),
    CONSTRAINT tier_request_check1 CHECK (((NOT ((decision = 'approved'::text) IS DISTINCT FROM (from_on IS NOT NULL))) OR (decision IS NULL))),
    CONSTRAINT tier_request_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'declined'::text]))),
    CONSTRAINT tier_request_impact_check CHECK ((impact <> ''::text)),
    CONSTRAINT tier_request_use_case_check CHECK ((use_case <> ''::text))
);

CREATE VIEW compensation.v_claim AS
 SELECT c.claim_id,
    c.person_id,
    c.vendor,
    c.service,
    c.spent_on,
    c.amount_cents,
    c.currency,
    c.purpose,
    c.receipt,
    r.content_type,
    r.bytes,
    c.notice_days,
    c.filed_at,
    c.is_approved,
    c.reason,
    c.decided_by,
    c.decided_at,
    c.decided_by_account,
    c.decided_by_person,
    c.terms_id
   FROM (compensation.claim c
     JOIN compensation.receipt r ON ((r.sha256 = c.receipt)));

CREATE VIEW compensation.v_clawback AS
 SELECT clawback.run_id,
    clawback.line,
    clawback.person_id,
    clawback.left_on,
    clawback.due_milli,
    clawback.taken_milli,
    clawback.explanation,
    clawback.at
   FROM compensation.clawback;

CREATE VIEW compensation.v_conversion AS
 SELECT c.conversion_id,
    c.person_id,
    c.number,
    c.key,
    c.form,
    c.tax_class,
    c.asked_milli,
    c.amount_milli,
    c.units,
    c.currency,
    c.unit,
    c.rate_units,
    c.rate_milli,
    c.terms_id,
    c.window_name,
    c.requested_on,
    c.requested_by,
    c.requested_by_person,
    c.requested_at,
    c.lock_until,
    c.notice_days,
    s.number AS step,
    s.state,
    s.by_name,
    s.by_person,
    s.at,
    s.reason,
    c.requested_by_account,
    s.by_account,
    c.worth_nanos,
    c.pays_nanos
   FROM (compensation.conversion c
     CROSS JOIN LATERAL ( SELECT conversion_step.number,
            conversion_step.state,
            conversion_step.by_name,
            conversion_step.by_person,
            conversion_step.at,
            conversion_step.reason,
            conversion_step.by_account
           FROM compensation.conversion_step
          WHERE (conversion_step.conversion_id = c.conversion_id)
          ORDER BY conversion_step.number DESC
         LIMIT 1) s);

CREATE VIEW compensation.v_conversion_lot AS
 SELECT conversion_lot.conversion_id,
    conversion_lot.lot,
    conversion_lot.amount_milli
   FROM compensation.conversion_lot;

CREATE VIEW compensation.v_conversion_step AS
 SELECT conversion_step.conversion_id,
    conversion_step.number,
    conversion_step.state,
    conversion_step.by_name,
    conversion_step.by_person,
    conversion_step.at,
    conversion_step.reason,
    conversion_step.by_account
   FROM compensation.conversion_step;

CREATE VIEW compensation.v_conversion_terms AS
 SELECT conversion_terms.terms_id,
    conversion_terms.version,
    conversion_terms.effective_from,
    conversion_terms.yaml,
    conversion_terms.applied_by,
    conversion_terms.applied_at
   FROM compensation.conversion_terms;

CREATE TABLE ledger.entry (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
)
PARTITION BY HASH (wallet_id);

CREATE VIEW ledger.v_entry AS
 SELECT entry.wallet_id,
    entry.seq,
    entry.transfer_id,
    entry.link_id,
    entry.kind,
    entry.asset,
    entry.from_account,
    entry.to_account,
    entry.other_wallet,
    entry.holder,
    entry.lot,
    entry.amount_milli,
    entry.key,
    entry.corrects,
    entry.evidence,
    entry.at,
    entry.source_id
   FROM ledger.entry;

CREATE VIEW compensation.v_grant AS
 SELECT l.run_id,
    l.line,
    r.period,
    l.plan,
    l.kind,
    l.person_id,
    l.amount_milli,
    l.usd_nanos,
    l.pay_cents,
    l.currency,
    l.rate_nanos,
    l.token_value_nanos,
    l.tax_class,
    l.expires_at,
    l.source,
    l.explanation,
    l.key,
    l.evidence,
    e.transfer_id,
    e.at AS posted_at,
    l.asset,
    l.term,
    l.vest_from,
    l.live,
    e.lot,
    COALESCE(l.pay_currency, l.currency) AS pay_currency
   FROM ((compensation.grant_line l
     JOIN compensation.grant_run r ON ((r.run_id = l.run_id)))
     LEFT JOIN ledger.v_entry e ON (((e.wallet_id = l.person_id) AND (e.key = l.key) AND (e.from_account = ledger.account_elsewhere()))))
  WHERE (NOT l.rehearsal);

CREATE VIEW compensation.v_grant_run AS
 SELECT r.run_id,
    r.plan_id,
    r.plan,
    r.period,
    r.kind,
    r.rehearsal,
    r.token_value_nanos,
    r.people,
    r.lines,
    r.skipped,
    r.total_milli,
    r.total_usd_nanos,
    r.prepared_at,
    r.prepared_by,
    r.decision,
    r.decided_by,
    r.decided_at,
    r.reversal_reason,
    r.reversal_by,
    r.reversal_at,
    r.reversed_by,
    r.reversed_at,
    (COALESCE(c.posted, (0)::bigint))::integer AS posted,
    c.posted_at,
    (COALESCE(c.returned_milli, (0)::numeric))::bigint AS returned_milli,
    r.content,
    r.approved,
    r.decided_alone,
    r.reversed_alone,
    r.set_aside_from,
    r.prepared_by_account,
    r.prepared_by_person,
    r.decided_by_account,
    r.decided_by_person,
    r.reversal_by_account,
    r.reversal_by_person
   FROM (compensation.grant_run r
     LEFT JOIN LATERAL ( SELECT sum(grant_chunk.lines) FILTER (WHERE (grant_chunk.posted_at IS NOT NULL)) AS posted,
            max(grant_chunk.posted_at) AS posted_at,
            sum(grant_chunk.returned_milli) AS returned_milli
           FROM compensation.grant_chunk
          WHERE (grant_chunk.run_id = r.run_id)) c ON (true));

CREATE VIEW compensation.v_held_change AS
 SELECT v_entry.wallet_id,
    v_entry.lot,
    v_entry.seq,
    v_entry.at,
    (
        CASE
            WHEN (v_entry.to_account = ANY (ledger.accounts_own())) THEN v_entry.amount_milli
            ELSE (0)::bigint
        END -
        CASE
            WHEN (v_entry.from_account = ANY (ledger.accounts_own())) THEN v_entry.amount_milli
            ELSE (0)::bigint
        END) AS milli
   FROM ledger.v_entry
  WHERE (v_entry.lot > 0);

CREATE TABLE ledger.lot (
    wallet_id uuid NOT NULL,
    lot integer NOT NULL,
    asset smallint NOT NULL,
    granted_milli bigint NOT NULL,
    tax_class text NOT NULL,
    source text NOT NULL,
    expires_at timestamp with time zone,
    transfer_id uuid NOT NULL,
    granted_at timestamp with time zone NOT NULL,
    CONSTRAINT lot_granted_milli_check CHECK ((granted_milli > 0)),
    CONSTRAINT lot_lot_check CHECK ((lot > 0))
);

CREATE VIEW ledger.v_grant AS
 SELECT lot.wallet_id,
    lot.lot,
    lot.asset,
    lot.granted_milli,
    lot.tax_class,
    lot.source,
    lot.expires_at,
    lot.granted_at,
    lot.transfer_id
   FROM ledger.lot;

CREATE TABLE pricing.token_value (
    effective_from timestamp with time zone NOT NULL,
    nanos bigint NOT NULL,
    source text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT token_value_nanos_check CHECK ((nanos > 0))
);

CREATE VIEW pricing.v_token_value AS
 SELECT token_value.effective_from,
    token_value.nanos,
    token_value.source
   FROM pricing.token_value;

CREATE VIEW compensation.v_lot_value AS
 SELECT l.wallet_id,
    l.lot,
    l.asset,
    l.granted_milli,
    l.tax_class,
    l.source,
    l.expires_at,
    l.granted_at,
    l.transfer_id,
    COALESCE(g.currency, 'USD'::text) AS currency,
    COALESCE(g.rate_nanos, (1000000000)::bigint) AS rate_nanos,
    (COALESCE((g.usd_nanos)::numeric, ceil((((l.granted_milli)::numeric * (COALESCE(v.nanos, (1000)::bigint))::numeric) / (1000)::numeric))))::bigint AS usd_nanos,
    COALESCE(g.pay_currency, 'USD'::text) AS pay_currency
   FROM ((ledger.v_grant l
     LEFT JOIN LATERAL ( SELECT g_1.currency,
            g_1.rate_nanos,
            g_1.usd_nanos,
            g_1.pay_currency
           FROM compensation.v_grant g_1
          WHERE ((g_1.person_id = l.wallet_id) AND (g_1.transfer_id = l.transfer_id))
          ORDER BY g_1.live DESC, g_1.run_id DESC
         LIMIT 1) g ON (true))
     LEFT JOIN LATERAL ( SELECT t.nanos
           FROM pricing.v_token_value t
          WHERE (t.effective_from <= l.granted_at)
          ORDER BY t.effective_from DESC
         LIMIT 1) v ON (true));

CREATE VIEW compensation.v_notice AS
 SELECT notice.notice_id,
    notice.person_id,
    notice.kind,
    notice.subject,
    notice.text,
    notice.created_at,
    notice.seen_at
   FROM compensation.notice;

CREATE VIEW compensation.v_notice_choice AS
 SELECT notice_choice.person_id,
    notice_choice.kind,
    notice_choice.by_email,
    notice_choice.changed_at
   FROM compensation.notice_choice;

CREATE VIEW compensation.v_notice_delivery AS
 SELECT d.notice_id,
    d.way,
    d.state,
    d.tries,
    d.next_at,
    d.ended_at,
    d.last_error,
    n.person_id,
    n.kind,
    n.created_at
   FROM (compensation.notice_delivery d
     JOIN compensation.notice n USING (notice_id));

CREATE VIEW compensation.v_offer AS
 SELECT offer.offer_id,
    offer.name,
    offer.version,
    offer.candidate,
    offer.role,
    offer.employer,
    offer.is_competitor,
    offer.valid_until,
    offer.yaml,
    offer.made_by,
    offer.made_at
   FROM compensation.offer;

CREATE VIEW compensation.v_offer_link AS
 SELECT l.link_id,
    l.offer_id,
    l.made_by,
    l.made_at,
    l.expires_at,
    r.revoked_by,
    r.revoked_at
   FROM (compensation.offer_link l
     LEFT JOIN compensation.offer_link_revoked r USING (link_id));

CREATE VIEW compensation.v_pay_line AS
 SELECT pay_line.pay_line_id,
    pay_line.person_id,
    pay_line.kind,
    pay_line.form,
    pay_line.tax_class,
    pay_line.amount,
    pay_line.currency,
    pay_line.unit,
    pay_line.pay_on,
    pay_line.explanation,
    pay_line.notice_id,
    pay_line.conversion_id,
    pay_line.claim_id,
    pay_line.corrects,
    pay_line.created_at,
    pay_line.approved_by
   FROM compensation.pay_line;

CREATE VIEW compensation.v_payroll_export AS
 SELECT payroll_export.export_id,
    payroll_export.layout,
    payroll_export.period_from,
    payroll_export.period_to,
    payroll_export.pay_on,
    payroll_export.settings_id,
    payroll_export.file_name,
    payroll_export.sha256,
    payroll_export.lines,
    payroll_export.exported_by,
    payroll_export.exported_at
   FROM compensation.payroll_export;

CREATE VIEW compensation.v_payroll_export_line AS
 SELECT payroll_export_line.layout,
    payroll_export_line.source,
    payroll_export_line.source_id,
    payroll_export_line.lot,
    payroll_export_line.export_id,
    payroll_export_line.number
   FROM compensation.payroll_export_line;

CREATE VIEW compensation.v_payroll_settings AS
 SELECT payroll_settings.settings_id,
    payroll_settings.version,
    payroll_settings.effective_from,
    payroll_settings.yaml,
    payroll_settings.applied_by,
    payroll_settings.applied_at
   FROM compensation.payroll_settings;

CREATE VIEW compensation.v_phase AS
 SELECT s.plan,
    s.phase,
    s.report,
    s.begins_on,
    s.proposed_by,
    s.proposed_at,
    s.opened_at,
    (( SELECT count(*) AS count
           FROM compensation.phase_vote v
          WHERE ((v.plan = s.plan) AND (v.phase = s.phase) AND v.in_favour AND ((s.opened_at IS NOT NULL) OR (v.voted_at >= n.applied_at)))))::integer AS votes_for,
    (( SELECT count(*) AS count
           FROM compensation.phase_vote v
          WHERE ((v.plan = s.plan) AND (v.phase = s.phase) AND (NOT v.in_favour) AND ((s.opened_at IS NOT NULL) OR (v.voted_at >= n.applied_at)))))::integer AS votes_against
   FROM (compensation.phase_step s
     LEFT JOIN LATERAL ( SELECT p.applied_at
           FROM compensation.plan p
          WHERE (p.name = s.plan)
          ORDER BY p.version DESC
         LIMIT 1) n ON (true));

CREATE VIEW compensation.v_plan AS
 SELECT plan.plan_id,
    plan.name,
    plan.version,
    plan.effective_from,
    plan.yaml,
    plan.applied_at,
    plan.applied_by
   FROM compensation.plan;

CREATE VIEW compensation.v_pool AS
 SELECT pool.pool_id,
    pool.name
   FROM compensation.pool;

CREATE VIEW compensation.v_tier_request AS
 SELECT tier_request.request_id,
    tier_request.person_id,
    tier_request.plan,
    tier_request.tier,
    tier_request.use_case,
    tier_request.impact,
    tier_request.asked_at,
    tier_request.decision,
    tier_request.decided_by,
    tier_request.decided_at,
    tier_request.reason,
    tier_request.from_on
   FROM compensation.tier_request;

CREATE TABLE compensation.vesting (
    run_id uuid NOT NULL,
    line integer NOT NULL,
    person_id uuid NOT NULL,
    vested_milli bigint DEFAULT 0 NOT NULL,
    next_on date,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT vesting_vested_milli_check CHECK ((vested_milli >= 0))
);

CREATE VIEW compensation.v_vesting AS
 SELECT vesting.run_id,
    vesting.line,
    vesting.person_id,
    vesting.vested_milli,
    vesting.next_on
   FROM compensation.vesting;

CREATE TABLE compensation.vesting_fact (
    fact_id uuid NOT NULL,
    run_id uuid NOT NULL,
    line integer NOT NULL,
    kind text NOT NULL,
    happened_on date NOT NULL,
    condition_id text DEFAULT ''::text NOT NULL,
    amount_milli bigint,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    approved_by text,
    approved_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    asked_by_account uuid,
    asked_by_person uuid,
    approved_by_account uuid,
    approved_by_person uuid,
    approved_alone boolean DEFAULT false NOT NULL,
    declined_by text,
    declined_by_account uuid,
    declined_by_person uuid,
    declined_at timestamp with time zone,
    declined_reason text,
    CONSTRAINT vesting_fact_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT vesting_fact_check CHECK ((num_nulls(approved_by, approved_at) = ANY (ARRAY[0, 2]))),
    CONSTRAINT vesting_fact_condition_id_check CHECK ((condition_id !~ '\s'::text)),
    CONSTRAINT vesting_fact_declined CHECK ((num_nulls(declined_by, declined_at, declined_reason) = ANY (ARRAY[0, 3]))),
    CONSTRAINT vesting_fact_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'acceleration'::text]))),
    CONSTRAINT vesting_fact_once CHECK (((approved_by IS NULL) OR (declined_by IS NULL))),
    CONSTRAINT vesting_fact_reason_check CHECK ((reason <> ''::text))
);

CREATE VIEW compensation.v_vesting_fact AS
 SELECT vesting_fact.fact_id,
    vesting_fact.run_id,
    vesting_fact.line,
    vesting_fact.kind,
    vesting_fact.happened_on,
    vesting_fact.condition_id,
    vesting_fact.amount_milli,
    vesting_fact.reason,
    vesting_fact.asked_by,
    vesting_fact.asked_at,
    vesting_fact.approved_by,
    vesting_fact.approved_at,
    vesting_fact.approved_alone,
    vesting_fact.declined_by,
    vesting_fact.declined_at,
    vesting_fact.declined_reason
   FROM compensation.vesting_fact;

CREATE TABLE gateway.key (
    key_id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    hint text NOT NULL,
    models text[],
    budget_milli bigint,
    expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT key_budget_milli_check CHECK ((budget_milli > 0)),
    CONSTRAINT key_hash_check CHECK ((length(hash) = 32))
);

CREATE TABLE gateway.key_budget (
    key_id uuid NOT NULL,
    taken_milli bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE gateway.key_share (
    key_id uuid NOT NULL,
    holder uuid NOT NULL,
    share_milli bigint NOT NULL,
    told_milli bigint NOT NULL,
    turn bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE gateway.node (
    holder uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    oldest_open timestamp with time zone NOT NULL,
    reclaimed_at timestamp with time zone
)
WITH (fillfactor='50');

CREATE TABLE gateway.policy (
    version integer NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    applied_by text NOT NULL,
    text text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT policy_version_check CHECK ((version > 0))
);

CREATE TABLE gateway.proposed_key (
    key_id uuid NOT NULL,
    provider text NOT NULL,
    sealed bytea,
    hint text NOT NULL,
    fingerprint text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by text NOT NULL,
    erased_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT proposed_key_check CHECK (((sealed IS NULL) = (erased_at IS NOT NULL)))
);

CREATE TABLE gateway.provider (
    name text NOT NULL,
    version integer NOT NULL,
    change text NOT NULL,
    dialect text NOT NULL,
    base_url text NOT NULL,
    serves text NOT NULL,
    weight integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    cap_member text DEFAULT ''::text NOT NULL,
    CONSTRAINT provider_cap_member_check CHECK ((cap_member = ANY (ARRAY[''::text, 'max_tokens'::text, 'max_completion_tokens'::text]))),
    CONSTRAINT provider_change_check CHECK ((change = ANY (ARRAY['set'::text, 'rotated'::text, 'retired'::text, 'removed'::text]))),
    CONSTRAINT provider_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'::text)),
    CONSTRAINT provider_version_check CHECK ((version > 0)),
    CONSTRAINT provider_weight_check CHECK ((weight >= 0))
);

CREATE TABLE gateway.provider_key (
    key_id uuid NOT NULL,
    provider text NOT NULL,
    sealed bytea,
    hint text NOT NULL,
    fingerprint text NOT NULL,
    set_at timestamp with time zone NOT NULL,
    set_by text NOT NULL,
    retires_at timestamp with time zone,
    erased_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT provider_key_check CHECK (((sealed IS NULL) = (erased_at IS NOT NULL)))
);

CREATE TABLE gateway.switch (
    turn integer NOT NULL,
    reason text,
    turned_at timestamp with time zone NOT NULL,
    turned_by text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT switch_reason_check CHECK ((reason <> ''::text)),
    CONSTRAINT switch_turn_check CHECK ((turn > 0))
);

CREATE TABLE gateway.tuning_file (
    wallet_id uuid NOT NULL,
    file_id text NOT NULL,
    provider text NOT NULL,
    name text NOT NULL,
    bytes bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    deleted_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT tuning_file_bytes_check CHECK ((bytes > 0))
);

CREATE TABLE gateway.tuning_job (
    wallet_id uuid NOT NULL,
    job_id uuid NOT NULL,
    key_id uuid NOT NULL,
    provider text NOT NULL,
    upstream_id text,
    file_id text NOT NULL,
    model text NOT NULL,
    price_id uuid NOT NULL,
    token_value_nanos bigint NOT NULL,
    epochs integer NOT NULL,
    bound_tokens bigint NOT NULL,
    held_milli bigint NOT NULL,
    seen text,
    created_at timestamp with time zone NOT NULL,
    next_check_at timestamp with time zone NOT NULL,
    checks integer DEFAULT 0 NOT NULL,
    missing_since timestamp with time zone,
    warning text,
    ended_at timestamp with time zone,
    trained_tokens bigint,
    charged_milli bigint,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT tuning_job_bound_tokens_check CHECK ((bound_tokens > 0)),
    CONSTRAINT tuning_job_check CHECK (((ended_at IS NULL) = (charged_milli IS NULL))),
    CONSTRAINT tuning_job_epochs_check CHECK ((epochs > 0)),
    CONSTRAINT tuning_job_held_milli_check CHECK ((held_milli >= 0))
)
WITH (fillfactor='70');

CREATE VIEW gateway.v_key AS
 SELECT key.key_id,
    key.wallet_id,
    key.name,
    key.hint,
    key.models,
    key.budget_milli,
    key.expires_at,
    key.created_at,
    key.revoked_at
   FROM gateway.key;

CREATE VIEW gateway.v_node AS
 SELECT node.holder,
    node.started_at,
    node.lease_until
   FROM gateway.node;

CREATE VIEW gateway.v_policy AS
 SELECT policy.version,
    policy.effective_from,
    policy.applied_at,
    policy.applied_by,
    policy.text
   FROM gateway.policy;

CREATE VIEW gateway.v_provider AS
 SELECT provider.name,
    provider.version,
    provider.change,
    provider.dialect,
    provider.base_url,
    provider.serves,
    provider.weight,
    provider.changed_at,
    provider.changed_by,
    provider.cap_member
   FROM gateway.provider;

CREATE VIEW gateway.v_provider_key AS
 SELECT provider_key.key_id,
    provider_key.provider,
    provider_key.hint,
    provider_key.fingerprint,
    provider_key.set_at,
    provider_key.set_by,
    provider_key.retires_at,
    provider_key.erased_at
   FROM gateway.provider_key;

CREATE VIEW gateway.v_switch AS
 SELECT switch.turn,
    switch.reason,
    switch.turned_at,
    switch.turned_by
   FROM gateway.switch;

CREATE TABLE gateway.wallet_stop (
    request_id uuid NOT NULL,
    wallet_id uuid NOT NULL,
    model text NOT NULL,
    held_milli bigint NOT NULL,
    cost_milli bigint NOT NULL,
    stopped_at timestamp with time zone NOT NULL,
    cleared_at timestamp with time zone,
    cleared_by text,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    cleared_by_account uuid,
    cleared_by_person uuid,
    cleared_alone boolean DEFAULT false NOT NULL,
    CONSTRAINT wallet_stop_check CHECK ((cost_milli > held_milli)),
    CONSTRAINT wallet_stop_check1 CHECK (((cleared_at IS NULL) = (cleared_by IS NULL))),
    CONSTRAINT wallet_stop_held_milli_check CHECK ((held_milli >= 0))
);

CREATE VIEW gateway.v_wallet_stop AS
 SELECT wallet_stop.request_id,
    wallet_stop.wallet_id,
    wallet_stop.model,
    wallet_stop.held_milli,
    wallet_stop.cost_milli,
    wallet_stop.stopped_at,
    wallet_stop.cleared_at,
    wallet_stop.cleared_by,
    wallet_stop.cleared_by_account,
    wallet_stop.cleared_by_person,
    wallet_stop.cleared_alone
   FROM gateway.wallet_stop;

CREATE TABLE host.account (
    account_id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text,
    person_id uuid,
    password_hash text,
    created_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT account_email_check CHECK (((email = lower(email)) AND (email <> ''::text))),
    CONSTRAINT account_name_check CHECK ((name <> ''::text)),
    CONSTRAINT account_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'employee'::text])))
);

COMMENT ON COLUMN host.account.role IS 'What an account that was made before 0008 could do then; read by nobody.';

CREATE TABLE host.account_closed (
    account_id uuid NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    closed_by text NOT NULL,
    closed_by_account uuid,
    closed_by_person uuid,
    opened_at timestamp with time zone,
    opened_by text,
    opened_by_account uuid,
    opened_by_person uuid,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT account_closed_check CHECK (((opened_at IS NULL) = (opened_by IS NULL)))
);

CREATE TABLE host.account_role (
    account_id uuid NOT NULL,
    role text NOT NULL,
    source text NOT NULL,
    given_at timestamp with time zone NOT NULL,
    given_by text NOT NULL,
    given_by_account uuid,
    given_by_person uuid,
    agreed_by text,
    agreed_by_account uuid,
    agreed_by_person uuid,
    given_alone boolean DEFAULT false NOT NULL,
    taken_at timestamp with time zone,
    taken_by text,
    taken_by_account uuid,
    taken_by_person uuid,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT account_role_by_two CHECK (((source <> 'administrator'::text) OR (agreed_by IS NOT NULL))),
    CONSTRAINT account_role_check1 CHECK (((taken_at >= given_at) AND ((taken_at IS NULL) = (taken_by IS NULL)))),
    CONSTRAINT account_role_role_check CHECK ((role = ANY (ARRAY['employee'::text, 'manager'::text, 'people'::text, 'finance'::text, 'board'::text, 'auditor'::text, 'platform'::text, 'administrator'::text]))),
    CONSTRAINT account_role_source_check CHECK (((length(source) >= 1) AND (length(source) <= 200)))
);

CREATE TABLE host.account_vouch (
    link_id uuid NOT NULL,
    vouched_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    vouched_by text NOT NULL,
    vouched_by_account uuid,
    vouched_by_person uuid,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT account_vouch_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
);

CREATE TABLE host.act (
    act_id uuid NOT NULL,
    request_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    who text NOT NULL,
    account_id uuid,
    person_id uuid,
    means text NOT NULL,
    means_id uuid,
    roles text NOT NULL,
    address text NOT NULL,
    endpoint text NOT NULL,
    permission text NOT NULL,
    subject text NOT NULL,
    about_id uuid,
    status integer NOT NULL,
    times bigint NOT NULL,
    seq bigint,
    hash bytea,
    CONSTRAINT act_address_check CHECK ((length(address) <= 64)),
    CONSTRAINT act_check CHECK (((seq IS NULL) = (hash IS NULL))),
    CONSTRAINT act_endpoint_check CHECK ((length(endpoint) <= 200)),
    CONSTRAINT act_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT act_kind_check CHECK ((kind = ANY (ARRAY['write'::text, 'answered'::text, 'refused'::text, 'failed'::text, 'signed_in'::text, 'throttled'::text, 'looked'::text]))),
    CONSTRAINT act_means_check CHECK ((means = ANY (ARRAY['session'::text, 'token'::text, 'local'::text, 'schedule'::text, 'nobody'::text]))),
    CONSTRAINT act_permission_check CHECK ((length(permission) <= 64)),
    CONSTRAINT act_roles_check CHECK ((length(roles) <= 200)),
    CONSTRAINT act_seq_check CHECK ((seq > 0)),
    CONSTRAINT act_subject_check CHECK ((length(subject) <= 300)),
    CONSTRAINT act_times_check CHECK ((times > 0)),
    CONSTRAINT act_who_check CHECK ((length(who) <= 320))
);

CREATE TABLE host.act_head (
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    chained_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT act_head_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT act_head_seq_check CHECK ((seq > 0))
);

CREATE TABLE host.data_key (
    name text NOT NULL,
    xml text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE host.demo_account (
    account_id uuid NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE host.login_request (
    login_id uuid NOT NULL,
    hash bytea NOT NULL,
    code text NOT NULL,
    address text NOT NULL,
    asker text NOT NULL,
    agent text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    asked_at timestamp with time zone,
    account_id uuid,
    session_id uuid,
    confirmed_at timestamp with time zone,
    refused boolean DEFAULT false NOT NULL,
    CONSTRAINT login_request_address_check CHECK ((length(address) <= 100)),
    CONSTRAINT login_request_agent_check CHECK ((length(agent) <= 200)),
    CONSTRAINT login_request_asker_check CHECK ((length(asker) <= 100)),
    CONSTRAINT login_request_check CHECK ((((account_id IS NULL) = (session_id IS NULL)) AND ((account_id IS NULL) = (confirmed_at IS NULL)))),
    CONSTRAINT login_request_hash_check CHECK ((length(hash) = 32))
);

CREATE TABLE host.migration (
    number integer NOT NULL,
    name text NOT NULL,
    checksum bytea NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE host.one_time_link (
    link_id uuid NOT NULL,
    account_id uuid NOT NULL,
    hash bytea NOT NULL,
    purpose text NOT NULL,
    made_by text NOT NULL,
    made_by_account uuid,
    made_by_person uuid,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    ended_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT one_time_link_check CHECK (((used_at IS NULL) OR (ended_at IS NULL))),
    CONSTRAINT one_time_link_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT one_time_link_purpose_check CHECK ((purpose = ANY (ARRAY['first'::text, 'open'::text, 'reset'::text])))
);

CREATE TABLE host.rights (
    role text NOT NULL,
    script bytea NOT NULL
);

CREATE TABLE host.role_request (
    request_id uuid NOT NULL,
    account_id uuid NOT NULL,
    role text NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_by_account uuid,
    asked_by_person uuid,
    asked_at timestamp with time zone NOT NULL,
    decision text,
    decided_by text,
    decided_by_account uuid,
    decided_by_person uuid,
    decided_at timestamp with time zone,
    decided_alone boolean DEFAULT false NOT NULL,
    decided_reason text,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT role_request_by_another CHECK (((decision IS DISTINCT FROM 'approved'::text) OR decided_alone OR (asked_by_account IS NULL) OR (decided_by_account IS DISTINCT FROM asked_by_account))),
    CONSTRAINT role_request_check CHECK ((((decision IS NULL) = (decided_by IS NULL)) AND ((decision IS NULL) = (decided_at IS NULL)))),
    CONSTRAINT role_request_decided_reason_check CHECK (((length(decided_reason) >= 1) AND (length(decided_reason) <= 1000))),
    CONSTRAINT role_request_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'declined'::text]))),
    CONSTRAINT role_request_not_own CHECK (((decision IS DISTINCT FROM 'approved'::text) OR (decided_by_account IS DISTINCT FROM account_id))),
    CONSTRAINT role_request_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000))),
    CONSTRAINT role_request_role_check CHECK ((role = ANY (ARRAY['employee'::text, 'manager'::text, 'people'::text, 'finance'::text, 'board'::text, 'auditor'::text, 'platform'::text, 'administrator'::text])))
);

CREATE TABLE host.second_administrator (
    only_row boolean DEFAULT true NOT NULL,
    account_id uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    counts boolean DEFAULT true NOT NULL,
    CONSTRAINT second_administrator_only_row_check CHECK (only_row)
);

CREATE TABLE host.service_account (
    account_id uuid NOT NULL,
    made_by text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE host.service_owner (
    account_id uuid NOT NULL,
    owner_id uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE host.session (
    session_id uuid NOT NULL,
    account_id uuid NOT NULL,
    hash bytea NOT NULL,
    kind text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    address text NOT NULL,
    agent text NOT NULL,
    ended_at timestamp with time zone,
    ended_by text,
    ended_by_account uuid,
    ended_why text,
    CONSTRAINT session_address_check CHECK ((length(address) <= 100)),
    CONSTRAINT session_agent_check CHECK ((length(agent) <= 200)),
    CONSTRAINT session_check CHECK ((((ended_at IS NULL) = (ended_by IS NULL)) AND ((ended_at IS NULL) = (ended_why IS NULL)))),
    CONSTRAINT session_ended_why_check CHECK ((ended_why = ANY (ARRAY['owner'::text, 'administrator'::text, 'password'::text, 'crowd'::text, 'provider'::text]))),
    CONSTRAINT session_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT session_kind_check CHECK ((kind = ANY (ARRAY['browser'::text, 'command line'::text])))
);

CREATE TABLE host.token (
    token_id uuid NOT NULL,
    account_id uuid NOT NULL,
    name text NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT token_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT token_name_check CHECK ((name <> ''::text))
);

CREATE TABLE host.token_terms (
    token_id uuid NOT NULL,
    scopes text[],
    ends_at timestamp with time zone,
    shown text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT token_terms_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 100))),
    CONSTRAINT token_terms_shown_check CHECK ((length(shown) <= 20))
);

CREATE TABLE host.token_use (
    token_id uuid NOT NULL,
    used_at timestamp with time zone NOT NULL
);

CREATE TABLE openid.link (
    link_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    account_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    email text NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_by text,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT link_check CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
    CONSTRAINT link_email_check CHECK (((length(email) >= 1) AND (length(email) <= 254))),
    CONSTRAINT link_issuer_check CHECK (((length(issuer) >= 1) AND (length(issuer) <= 500))),
    CONSTRAINT link_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 255)))
);

CREATE TABLE openid.provider (
    provider_id uuid NOT NULL,
    name text NOT NULL,
    label text NOT NULL,
    issuer text NOT NULL,
    client_id text NOT NULL,
    secret bytea,
    scopes text[] NOT NULL,
    strangers text NOT NULL,
    group_claim text,
    group_roles jsonb NOT NULL,
    asked_by text NOT NULL,
    asked_by_account uuid,
    asked_by_person uuid,
    asked_at timestamp with time zone NOT NULL,
    decision text,
    decided_by text,
    decided_by_account uuid,
    decided_by_person uuid,
    decided_at timestamp with time zone,
    decided_alone boolean DEFAULT false NOT NULL,
    decided_reason text,
    ended_at timestamp with time zone,
    ended_by text,
    ended_by_account uuid,
    ended_by_person uuid,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT provider_check CHECK ((((decision IS NULL) = (decided_by IS NULL)) AND ((decision IS NULL) = (decided_at IS NULL)))),
    CONSTRAINT provider_check1 CHECK ((((ended_at IS NULL) = (ended_by IS NULL)) AND ((ended_at IS NULL) OR (decision = 'approved'::text)))),
    CONSTRAINT provider_client_id_check CHECK (((length(client_id) >= 1) AND (length(client_id) <= 300))),
    CONSTRAINT provider_decided_reason_check CHECK (((length(decided_reason) >= 1) AND (length(decided_reason) <= 1000))),
    CONSTRAINT provider_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'declined'::text]))),
    CONSTRAINT provider_group_claim_check CHECK (((length(group_claim) >= 1) AND (length(group_claim) <= 200))),
    CONSTRAINT provider_group_roles_check CHECK ((jsonb_typeof(group_roles) = 'array'::text)),
    CONSTRAINT provider_issuer_check CHECK (((length(issuer) >= 1) AND (length(issuer) <= 500))),
    CONSTRAINT provider_label_check CHECK (((length(label) >= 1) AND (length(label) <= 60))),
    CONSTRAINT provider_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9-]{0,39}$'::text)),
    CONSTRAINT provider_scopes_check CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 20))),
    CONSTRAINT provider_strangers_check CHECK ((strangers = ANY (ARRAY['refuse'::text, 'admit'::text])))
);

CREATE VIEW openid.v_signs_in AS
 SELECT l.account_id
   FROM (openid.link l
     JOIN openid.provider p ON (((p.issuer = l.issuer) AND (p.decision = 'approved'::text) AND (p.ended_at IS NULL))))
  WHERE (l.ended_at IS NULL);

CREATE TABLE people.access_end (
    person_id uuid NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    ended_by text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT access_end_ended_by_check CHECK (((length(ended_by) >= 1) AND (length(ended_by) <= 300)))
);

CREATE TABLE people.person (
    person_id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    team text NOT NULL,
    role text NOT NULL,
    level text NOT NULL,
    country character(2) NOT NULL,
    cost_centre text NOT NULL,
    hired_on date NOT NULL,
    left_on date,
    base_pay_cents bigint NOT NULL,
    total_pay_cents bigint NOT NULL,
    currency character(3) NOT NULL,
    is_bot boolean DEFAULT false NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT person_base_pay_cents_check CHECK ((base_pay_cents >= 0)),
    CONSTRAINT person_check CHECK ((left_on >= hired_on)),
    CONSTRAINT person_check1 CHECK ((total_pay_cents >= base_pay_cents)),
    CONSTRAINT person_email_check CHECK ((email = lower(email))),
    CONSTRAINT person_level_check CHECK ((level ~ '^L([1-9]|10)$'::text))
);

CREATE VIEW people.v_person AS
 SELECT p.person_id,
    p.email,
    p.name,
    p.team,
    p.role,
    p.level,
    p.country,
    p.cost_centre,
    p.hired_on,
    p.left_on,
    p.base_pay_cents,
    p.total_pay_cents,
    p.currency,
    p.is_bot,
    e.ended_at AS access_ended_at
   FROM (people.person p
     LEFT JOIN people.access_end e ON ((e.person_id = p.person_id)));

CREATE VIEW host.v_somebody AS
 SELECT a.account_id,
    COALESCE(a.person_id, a.account_id) AS who,
    p.left_on,
    p.access_ended_at,
    ((a.password_hash IS NOT NULL) OR (EXISTS ( SELECT
           FROM openid.v_signs_in i
          WHERE (i.account_id = a.account_id)))) AS signs_in,
    (EXISTS ( SELECT
           FROM host.account_closed c
          WHERE ((c.account_id = a.account_id) AND (c.opened_at IS NULL)))) AS is_closed,
    (EXISTS ( SELECT
           FROM host.account_role r
          WHERE ((r.account_id = a.account_id) AND (r.role = 'auditor'::text) AND (r.taken_at IS NULL)))) AS is_auditor
   FROM (host.account a
     LEFT JOIN people.v_person p ON ((p.person_id = a.person_id)))
  WHERE (((a.password_hash IS NOT NULL) OR (EXISTS ( SELECT
           FROM openid.link l
          WHERE (l.account_id = a.account_id)))) AND (a.email <> 'admin@localhost'::text) AND (NOT (EXISTS ( SELECT
           FROM host.service_account s
          WHERE (s.account_id = a.account_id)))));

CREATE VIEW host.v_administrator_ever AS
 SELECT s.account_id,
    s.who,
    min(r.given_at) AS since
   FROM (host.v_somebody s
     JOIN host.account_role r ON (((r.account_id = s.account_id) AND (r.role = 'administrator'::text))))
  WHERE ((s.left_on IS NULL) OR (s.left_on >= ((r.given_at AT TIME ZONE 'UTC'::text))::date))
  GROUP BY s.account_id, s.who;

CREATE VIEW host.v_link_maker AS
 SELECT l.link_id,
    l.account_id,
    l.made_by,
    l.made_by_account,
    l.made_at,
    l.used_at,
        CASE
            WHEN ((l.used_at IS NOT NULL) OR ((a.password_hash IS NULL) AND (NOT (EXISTS ( SELECT
               FROM openid.v_signs_in i
              WHERE (i.account_id = l.account_id)))))) THEN 'infinity'::timestamp with time zone
            ELSE l.ends_at
        END AS counts_until
   FROM (host.one_time_link l
     JOIN host.account a USING (account_id))
  WHERE ((l.made_by_account IS NOT NULL) AND (l.ended_at IS NULL) AND (NOT (EXISTS ( SELECT
           FROM (host.account_vouch v
             JOIN host.one_time_link n USING (link_id))
          WHERE ((n.account_id = l.account_id) AND (n.used_at >= l.used_at))))));

CREATE TABLE kernel.change (
    seq bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    table_name text NOT NULL,
    row_key text NOT NULL,
    op text NOT NULL,
    digest bytea,
    row_keys text[],
    digests bytea[],
    breaks boolean DEFAULT false NOT NULL,
    ids uuid[],
    role text DEFAULT SESSION_USER NOT NULL,
    program text DEFAULT current_setting('application_name'::text) NOT NULL,
    sealed_on date,
    act_id uuid DEFAULT (NULLIF(current_setting('guerdon.act'::text, true), ''::text))::uuid,
    CONSTRAINT change_op_check CHECK ((op = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text, 'redigest'::text, 'adopt'::text, 'batch'::text, 'seal'::text])))
);

ALTER TABLE kernel.change ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME kernel.change_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW kernel.v_change AS
 SELECT c.seq,
    c.at,
    c.table_name,
    COALESCE(k.row_key, c.row_key) AS row_key,
    c.op,
    COALESCE(k.digest, c.digest) AS digest,
    c.breaks,
    c.role,
    c.program,
    c.sealed_on,
    c.act_id
   FROM (kernel.change c
     LEFT JOIN LATERAL UNNEST(c.row_keys, c.digests) k(row_key, digest) ON (true))
  WHERE (c.op <> ALL (ARRAY['batch'::text, 'seal'::text]));

COMMENT ON VIEW kernel.v_change IS 'What was noted of each row.';

CREATE TABLE ledger.entry_00 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_01 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_02 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_03 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_04 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_05 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_06 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_07 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_08 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_09 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_10 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_11 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_12 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_13 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_14 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger.entry_15 (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    transfer_id uuid NOT NULL,
    link_id uuid,
    kind smallint NOT NULL,
    asset smallint NOT NULL,
    from_account smallint NOT NULL,
    to_account smallint NOT NULL,
    other_wallet uuid,
    holder uuid,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    key text NOT NULL,
    content bytea NOT NULL,
    corrects uuid,
    source_id uuid,
    evidence bytea,
    at timestamp with time zone NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT entry_amount_milli_check CHECK ((amount_milli > 0)),
    CONSTRAINT entry_check CHECK (((from_account <> ledger.account_elsewhere()) OR (to_account <> ledger.account_elsewhere()))),
    CONSTRAINT entry_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT entry_seq_check CHECK ((seq > 0))
);

CREATE TABLE ledger."position" (
    wallet_id uuid NOT NULL,
    asset smallint NOT NULL,
    account smallint NOT NULL,
    holder uuid DEFAULT '00000000-0000-0000-0000-000000000000'::uuid NOT NULL,
    lot integer NOT NULL,
    amount_milli bigint NOT NULL,
    CONSTRAINT position_check CHECK (((amount_milli >= 0) OR (wallet_id = '00000000-0000-7000-8000-000000000001'::uuid)))
)
WITH (fillfactor='50');

CREATE TABLE ledger.seal (
    day date NOT NULL,
    wallets bigint NOT NULL,
    entries bigint NOT NULL,
    root bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    form smallint DEFAULT 1 NOT NULL,
    changes bigint DEFAULT 0 NOT NULL,
    CONSTRAINT seal_root_check CHECK ((length(root) = 32))
);

CREATE TABLE ledger.seal_table (
    day date NOT NULL,
    table_name text NOT NULL,
    rows bigint NOT NULL,
    changes bigint NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT seal_table_root_check CHECK ((length(root) = 32))
);

CREATE VIEW ledger.v_balance AS
 SELECT "position".wallet_id,
    "position".asset,
    (COALESCE(sum("position".amount_milli) FILTER (WHERE ("position".account = ledger.account_available())), (0)::numeric))::bigint AS available_milli,
    (COALESCE(sum("position".amount_milli) FILTER (WHERE ("position".account = ledger.account_escrow())), (0)::numeric))::bigint AS escrow_milli,
    (COALESCE(sum("position".amount_milli) FILTER (WHERE ("position".account = ledger.account_spent())), (0)::numeric))::bigint AS spent_milli,
    (COALESCE(sum("position".amount_milli) FILTER (WHERE ("position".account = ledger.account_expired())), (0)::numeric))::bigint AS expired_milli,
    (COALESCE(sum("position".amount_milli) FILTER (WHERE ("position".account = ledger.account_unvested())), (0)::numeric))::bigint AS unvested_milli,
    (COALESCE(sum("position".amount_milli) FILTER (WHERE ("position".account = ledger.account_locked())), (0)::numeric))::bigint AS locked_milli,
    (COALESCE(sum("position".amount_milli) FILTER (WHERE ("position".account = ledger.account_converted())), (0)::numeric))::bigint AS converted_milli
   FROM ledger."position"
  GROUP BY "position".wallet_id, "position".asset;

CREATE VIEW ledger.v_escrow AS
 SELECT "position".wallet_id,
    "position".holder,
    "position".asset,
    (sum("position".amount_milli))::bigint AS amount_milli
   FROM ledger."position"
  WHERE ("position".account = ledger.account_escrow())
  GROUP BY "position".wallet_id, "position".holder, "position".asset;

CREATE VIEW ledger.v_lot AS
SELECT
    NULL::uuid AS wallet_id,
    NULL::integer AS lot,
    NULL::smallint AS asset,
    NULL::bigint AS granted_milli,
    NULL::text AS tax_class,
    NULL::text AS source,
    NULL::timestamp with time zone AS expires_at,
    NULL::timestamp with time zone AS granted_at,
    NULL::bigint AS available_milli,
    NULL::bigint AS escrow_milli,
    NULL::bigint AS spent_milli,
    NULL::bigint AS expired_milli,
    NULL::bigint AS unvested_milli,
    NULL::bigint AS locked_milli,
    NULL::bigint AS converted_milli,
    NULL::uuid AS transfer_id;

CREATE VIEW ledger.v_lot_position AS
 SELECT p.wallet_id,
    p.asset,
    p.account,
    p.holder,
    p.lot,
    p.amount_milli,
    l.expires_at
   FROM (ledger."position" p
     LEFT JOIN ledger.lot l ON (((l.wallet_id = p.wallet_id) AND (l.lot = p.lot))));

CREATE TABLE ledger.wallet (
    wallet_id uuid NOT NULL,
    seq bigint NOT NULL,
    head bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT wallet_head_check CHECK ((length(head) = 32)),
    CONSTRAINT wallet_seq_check CHECK ((seq >= 0))
)
WITH (fillfactor='50');

CREATE TABLE metering.closed_holder (
    holder uuid NOT NULL,
    closed_at timestamp with time zone NOT NULL
);

CREATE TABLE metering.correction (
    wallet_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    request_id uuid NOT NULL,
    version integer NOT NULL,
    reconciliation_id uuid NOT NULL,
    report_id uuid NOT NULL,
    provider text NOT NULL,
    price_id uuid NOT NULL,
    token_value_nanos bigint NOT NULL,
    input bigint NOT NULL,
    cached_input bigint NOT NULL,
    cache_write_5m bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    output bigint NOT NULL,
    reasoning bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    cost_milli bigint NOT NULL,
    charged_milli bigint NOT NULL,
    delta_milli bigint NOT NULL,
    settled_by uuid,
    reason text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT correction_cache_write_1h_check CHECK ((cache_write_1h >= 0)),
    CONSTRAINT correction_cache_write_5m_check CHECK ((cache_write_5m >= 0)),
    CONSTRAINT correction_cached_input_check CHECK ((cached_input >= 0)),
    CONSTRAINT correction_check CHECK (((reasoning >= 0) AND (reasoning <= output))),
    CONSTRAINT correction_check1 CHECK (((charged_milli >= 0) AND (charged_milli <= cost_milli))),
    CONSTRAINT correction_cost_milli_check CHECK ((cost_milli >= 0)),
    CONSTRAINT correction_cost_nanos_check CHECK ((cost_nanos >= 0)),
    CONSTRAINT correction_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT correction_input_check CHECK ((input >= 0)),
    CONSTRAINT correction_output_check CHECK ((output >= 0)),
    CONSTRAINT correction_version_check CHECK ((version > 0))
);

CREATE TABLE metering.day_total (
    wallet_id uuid NOT NULL,
    day date NOT NULL,
    model text NOT NULL,
    requests bigint NOT NULL,
    input bigint NOT NULL,
    output bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    charged_milli bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE metering.imported (
    source text NOT NULL,
    row_key bytea NOT NULL,
    wallet_id uuid NOT NULL,
    request_id uuid NOT NULL
);

CREATE TABLE metering.opening_group (
    holder uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    group_id uuid NOT NULL,
    wallet_ids uuid[] NOT NULL,
    request_ids uuid[] NOT NULL,
    started_at timestamp with time zone[] NOT NULL,
    key_ids uuid[] NOT NULL,
    models text[] NOT NULL,
    held_milli bigint[] NOT NULL,
    CONSTRAINT opening_group_check CHECK ((cardinality(wallet_ids) = ALL (ARRAY[cardinality(request_ids), cardinality(started_at), cardinality(key_ids), cardinality(models), cardinality(held_milli)]))),
    CONSTRAINT opening_group_held_milli_check CHECK ((0 <= ALL (held_milli)))
)
PARTITION BY RANGE (opened_at);

CREATE VIEW metering.opening AS
 SELECT g.holder,
    g.opened_at,
    o.wallet_id,
    o.request_id,
    o.started_at,
    o.key_id,
    o.model,
    o.held_milli
   FROM metering.opening_group g,
    LATERAL UNNEST(g.wallet_ids, g.request_ids, g.started_at, g.key_ids, g.models, g.held_milli) o(wallet_id, request_id, started_at, key_id, model, held_milli);

CREATE TABLE metering.opening_group_default (
    holder uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    group_id uuid NOT NULL,
    wallet_ids uuid[] NOT NULL,
    request_ids uuid[] NOT NULL,
    started_at timestamp with time zone[] NOT NULL,
    key_ids uuid[] NOT NULL,
    models text[] NOT NULL,
    held_milli bigint[] NOT NULL,
    CONSTRAINT opening_group_check CHECK ((cardinality(wallet_ids) = ALL (ARRAY[cardinality(request_ids), cardinality(started_at), cardinality(key_ids), cardinality(models), cardinality(held_milli)]))),
    CONSTRAINT opening_group_held_milli_check CHECK ((0 <= ALL (held_milli)))
);

CREATE TABLE metering.reconciliation (
    reconciliation_id uuid NOT NULL,
    provider text NOT NULL,
    from_day date NOT NULL,
    to_day date NOT NULL,
    content bytea NOT NULL,
    corrections integer NOT NULL,
    refund_milli bigint NOT NULL,
    charge_milli bigint NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    made_by_account uuid,
    made_by_person uuid,
    CONSTRAINT reconciliation_charge_milli_check CHECK ((charge_milli >= 0)),
    CONSTRAINT reconciliation_content_check CHECK ((length(content) = 32)),
    CONSTRAINT reconciliation_corrections_check CHECK ((corrections > 0)),
    CONSTRAINT reconciliation_refund_milli_check CHECK ((refund_milli >= 0))
);

CREATE TABLE metering.reconciliation_applied (
    reconciliation_id uuid NOT NULL,
    applied_by text NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    applied_by_account uuid,
    applied_by_person uuid,
    applied_alone boolean DEFAULT false NOT NULL,
    set_aside integer DEFAULT 0 NOT NULL,
    CONSTRAINT reconciliation_applied_set_aside_check CHECK ((set_aside >= 0))
);

CREATE TABLE metering.reconciliation_declined (
    reconciliation_id uuid NOT NULL,
    reason text NOT NULL,
    declined_by text NOT NULL,
    declined_by_account uuid,
    declined_by_person uuid,
    declined_at timestamp with time zone NOT NULL,
    withdrawn boolean NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT reconciliation_declined_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
);

CREATE TABLE metering.report (
    report_id uuid NOT NULL,
    provider text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    own text[] NOT NULL,
    imported_by text NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT report_kind_check CHECK ((kind = ANY (ARRAY['usage'::text, 'cost'::text])))
);

CREATE TABLE metering.report_bucket (
    provider text NOT NULL,
    kind text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    report_id uuid NOT NULL,
    content bytea NOT NULL,
    lines jsonb NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT report_bucket_check CHECK ((ends_at > starts_at)),
    CONSTRAINT report_bucket_content_check CHECK ((length(content) = 32)),
    CONSTRAINT report_bucket_kind_check CHECK ((kind = ANY (ARRAY['usage'::text, 'cost'::text]))),
    CONSTRAINT report_bucket_version_check CHECK ((version > 0))
);

CREATE TABLE metering.request (
    wallet_id uuid NOT NULL,
    request_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    source smallint NOT NULL,
    holder uuid,
    key_id uuid,
    model text NOT NULL,
    provider text NOT NULL,
    price_id uuid,
    token_value_nanos bigint NOT NULL,
    input bigint NOT NULL,
    cached_input bigint NOT NULL,
    cache_write_5m bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    output bigint NOT NULL,
    reasoning bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    cost_milli bigint NOT NULL,
    charged_milli bigint NOT NULL,
    held_milli bigint NOT NULL,
    asked_cap bigint,
    sent_cap bigint,
    state smallint NOT NULL,
    outcome smallint NOT NULL,
    http_status smallint NOT NULL,
    first_byte_us integer NOT NULL,
    duration_us bigint NOT NULL,
    request_bytes integer NOT NULL,
    response_bytes bigint NOT NULL,
    settled_by uuid,
    digest bytea NOT NULL,
    audio_input bigint DEFAULT 0 NOT NULL,
    image_input bigint DEFAULT 0 NOT NULL,
    audio_output bigint DEFAULT 0 NOT NULL,
    image_output bigint DEFAULT 0 NOT NULL,
    CONSTRAINT request_cache_write_1h_check CHECK ((cache_write_1h >= 0)),
    CONSTRAINT request_cache_write_5m_check CHECK ((cache_write_5m >= 0)),
    CONSTRAINT request_cached_input_check CHECK ((cached_input >= 0)),
    CONSTRAINT request_check CHECK (((reasoning >= 0) AND (reasoning <= output))),
    CONSTRAINT request_check1 CHECK (((charged_milli >= 0) AND (charged_milli <= cost_milli))),
    CONSTRAINT request_cost_milli_check CHECK ((cost_milli >= 0)),
    CONSTRAINT request_cost_nanos_check CHECK ((cost_nanos >= 0)),
    CONSTRAINT request_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT request_held_milli_check CHECK ((held_milli >= 0)),
    CONSTRAINT request_input_check CHECK ((input >= 0)),
    CONSTRAINT request_media CHECK (((audio_input >= 0) AND (image_input >= 0) AND ((audio_input + image_input) <= input) AND (audio_output >= 0) AND (image_output >= 0) AND ((audio_output + image_output) <= output))),
    CONSTRAINT request_output_check CHECK ((output >= 0))
)
PARTITION BY RANGE (started_at);

CREATE TABLE metering.request_default (
    wallet_id uuid NOT NULL,
    request_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone NOT NULL,
    source smallint NOT NULL,
    holder uuid,
    key_id uuid,
    model text NOT NULL,
    provider text NOT NULL,
    price_id uuid,
    token_value_nanos bigint NOT NULL,
    input bigint NOT NULL,
    cached_input bigint NOT NULL,
    cache_write_5m bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    output bigint NOT NULL,
    reasoning bigint NOT NULL,
    cost_nanos bigint NOT NULL,
    cost_milli bigint NOT NULL,
    charged_milli bigint NOT NULL,
    held_milli bigint NOT NULL,
    asked_cap bigint,
    sent_cap bigint,
    state smallint NOT NULL,
    outcome smallint NOT NULL,
    http_status smallint NOT NULL,
    first_byte_us integer NOT NULL,
    duration_us bigint NOT NULL,
    request_bytes integer NOT NULL,
    response_bytes bigint NOT NULL,
    settled_by uuid,
    digest bytea NOT NULL,
    audio_input bigint DEFAULT 0 NOT NULL,
    image_input bigint DEFAULT 0 NOT NULL,
    audio_output bigint DEFAULT 0 NOT NULL,
    image_output bigint DEFAULT 0 NOT NULL,
    CONSTRAINT request_cache_write_1h_check CHECK ((cache_write_1h >= 0)),
    CONSTRAINT request_cache_write_5m_check CHECK ((cache_write_5m >= 0)),
    CONSTRAINT request_cached_input_check CHECK ((cached_input >= 0)),
    CONSTRAINT request_check CHECK (((reasoning >= 0) AND (reasoning <= output))),
    CONSTRAINT request_check1 CHECK (((charged_milli >= 0) AND (charged_milli <= cost_milli))),
    CONSTRAINT request_cost_milli_check CHECK ((cost_milli >= 0)),
    CONSTRAINT request_cost_nanos_check CHECK ((cost_nanos >= 0)),
    CONSTRAINT request_digest_check CHECK ((length(digest) = 32)),
    CONSTRAINT request_held_milli_check CHECK ((held_milli >= 0)),
    CONSTRAINT request_input_check CHECK ((input >= 0)),
    CONSTRAINT request_media CHECK (((audio_input >= 0) AND (image_input >= 0) AND ((audio_input + image_input) <= input) AND (audio_output >= 0) AND (image_output >= 0) AND ((audio_output + image_output) <= output))),
    CONSTRAINT request_output_check CHECK ((output >= 0))
);

CREATE TABLE metering.request_part (
    wallet_id uuid NOT NULL,
    started_at timestamp with time zone NOT NULL,
    request_id uuid NOT NULL,
    part smallint NOT NULL,
    kind smallint NOT NULL,
    name text NOT NULL,
    price_id uuid NOT NULL,
    tool smallint,
    uses bigint NOT NULL,
    doubts smallint NOT NULL,
    input bigint NOT NULL,
    cached_input bigint NOT NULL,
    cache_write_5m bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    output bigint NOT NULL,
    reasoning bigint NOT NULL,
    audio_input bigint NOT NULL,
    image_input bigint NOT NULL,
    audio_output bigint NOT NULL,
    image_output bigint NOT NULL,
    cost_femto numeric NOT NULL,
    CONSTRAINT request_part_cache_write_1h_check CHECK ((cache_write_1h >= 0)),
    CONSTRAINT request_part_cache_write_5m_check CHECK ((cache_write_5m >= 0)),
    CONSTRAINT request_part_cached_input_check CHECK ((cached_input >= 0)),
    CONSTRAINT request_part_check CHECK (((tool IS NOT NULL) = (kind = 2))),
    CONSTRAINT request_part_check1 CHECK (((reasoning >= 0) AND (reasoning <= output))),
    CONSTRAINT request_part_check2 CHECK (((audio_input >= 0) AND (image_input >= 0) AND ((audio_input + image_input) <= input) AND (audio_output >= 0) AND (image_output >= 0) AND ((audio_output + image_output) <= output))),
    CONSTRAINT request_part_cost_femto_check CHECK ((cost_femto >= (0)::numeric)),
    CONSTRAINT request_part_doubts_check CHECK ((doubts >= 0)),
    CONSTRAINT request_part_input_check CHECK ((input >= 0)),
    CONSTRAINT request_part_kind_check CHECK (((kind >= 1) AND (kind <= 3))),
    CONSTRAINT request_part_output_check CHECK ((output >= 0)),
    CONSTRAINT request_part_part_check CHECK ((part > 0)),
    CONSTRAINT request_part_uses_check CHECK ((uses >= 0))
);

CREATE TABLE metering.unsettled (
    wallet_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    holder uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    first_started_at timestamp with time zone NOT NULL,
    charged_milli bigint NOT NULL,
    requests bigint NOT NULL,
    closed boolean DEFAULT false NOT NULL,
    CONSTRAINT unsettled_charged_milli_check CHECK ((charged_milli > 0)),
    CONSTRAINT unsettled_requests_check CHECK ((requests > 0))
)
WITH (fillfactor='50');

CREATE VIEW metering.v_closed_holder AS
 SELECT closed_holder.holder,
    closed_holder.closed_at
   FROM metering.closed_holder;

CREATE VIEW metering.v_correction AS
 SELECT c.wallet_id,
    c.started_at,
    c.request_id,
    c.version,
    c.reconciliation_id,
    c.report_id,
    c.provider,
    c.price_id,
    c.token_value_nanos,
    c.input,
    c.cached_input,
    c.cache_write_5m,
    c.cache_write_1h,
    c.output,
    c.reasoning,
    c.cost_nanos,
    c.cost_milli,
    c.charged_milli,
    c.delta_milli,
    c.settled_by,
    c.reason
   FROM metering.correction c;

CREATE VIEW metering.v_day_total AS
 SELECT day_total.wallet_id,
    day_total.day,
    day_total.model,
    day_total.requests,
    day_total.input,
    day_total.output,
    day_total.cost_nanos,
    day_total.charged_milli
   FROM metering.day_total;

CREATE VIEW metering.v_escrow_left AS
 SELECT e.wallet_id,
    e.holder,
    (e.amount_milli - (COALESCE(( SELECT sum(u.charged_milli) AS sum
           FROM metering.unsettled u
          WHERE ((u.wallet_id = e.wallet_id) AND (u.holder = e.holder))), (0)::numeric))::bigint) AS amount_milli
   FROM ledger.v_escrow e
  WHERE (e.asset = ledger.asset_compute());

COMMENT ON VIEW metering.v_escrow_left IS 'What is in escrow beside what was charged and is not booked yet: held, or free to be returned.';

CREATE VIEW metering.v_key_charge AS
 SELECT request.wallet_id,
    request.key_id,
    request.holder,
    request.charged_milli
   FROM metering.request;

CREATE VIEW metering.v_reconciliation_decision AS
 SELECT reconciliation_applied.reconciliation_id,
    true AS is_applied,
    NULL::text AS reason,
    reconciliation_applied.applied_by AS decided_by,
    reconciliation_applied.applied_by_account AS decided_by_account,
    reconciliation_applied.applied_by_person AS decided_by_person,
    reconciliation_applied.applied_at AS decided_at
   FROM metering.reconciliation_applied
UNION ALL
 SELECT reconciliation_declined.reconciliation_id,
    false AS is_applied,
    reconciliation_declined.reason,
    reconciliation_declined.declined_by AS decided_by,
    reconciliation_declined.declined_by_account AS decided_by_account,
    reconciliation_declined.declined_by_person AS decided_by_person,
    reconciliation_declined.declined_at AS decided_at
   FROM metering.reconciliation_declined;

CREATE VIEW metering.v_reconciliation_waiting AS
 SELECT r.reconciliation_id,
    r.provider,
    r.from_day,
    r.to_day,
    r.content,
    r.corrections,
    r.refund_milli,
    r.charge_milli,
    r.made_by,
    r.made_by_account,
    r.made_by_person,
    r.made_at
   FROM metering.reconciliation r
  WHERE ((NOT (EXISTS ( SELECT
           FROM metering.v_reconciliation_decision d
          WHERE (d.reconciliation_id = r.reconciliation_id)))) AND (NOT (EXISTS ( SELECT
           FROM metering.reconciliation n
          WHERE ((n.provider = r.provider) AND (n.from_day <= r.to_day) AND (n.to_day >= r.from_day) AND (ROW(n.made_at, n.reconciliation_id) > ROW(r.made_at, r.reconciliation_id)) AND ((n.made_by_account = r.made_by_account) OR (n.made_by_person = r.made_by_person) OR (NOT (EXISTS ( SELECT
                   FROM metering.reconciliation_declined w
                  WHERE ((w.reconciliation_id = n.reconciliation_id) AND w.withdrawn))))))))));

CREATE VIEW metering.v_report_bucket AS
 SELECT DISTINCT ON (b.provider, b.kind, b.starts_at, b.ends_at) b.provider,
    b.kind,
    b.starts_at,
    b.ends_at,
    b.version,
    b.report_id,
    b.content,
    b.lines,
    r.own,
    r.imported_at
   FROM (metering.report_bucket b
     JOIN metering.report r USING (report_id))
  ORDER BY b.provider, b.kind, b.starts_at, b.ends_at, b.version DESC;

CREATE VIEW metering.v_request AS
 SELECT r.wallet_id,
    r.request_id,
    r.started_at,
    r.ended_at,
    r.source,
    r.key_id,
    r.model,
    COALESCE(c.provider, r.provider) AS provider,
    COALESCE(c.price_id, r.price_id) AS price_id,
    COALESCE(c.token_value_nanos, r.token_value_nanos) AS token_value_nanos,
    COALESCE(c.input, r.input) AS input,
    COALESCE(c.cached_input, r.cached_input) AS cached_input,
    COALESCE(c.cache_write_5m, r.cache_write_5m) AS cache_write_5m,
    COALESCE(c.cache_write_1h, r.cache_write_1h) AS cache_write_1h,
    COALESCE(c.output, r.output) AS output,
    COALESCE(c.reasoning, r.reasoning) AS reasoning,
    COALESCE(c.cost_nanos, r.cost_nanos) AS cost_nanos,
    COALESCE(c.cost_milli, r.cost_milli) AS cost_milli,
    COALESCE(c.charged_milli, r.charged_milli) AS charged_milli,
    r.held_milli,
    r.asked_cap,
    r.sent_cap,
        CASE
            WHEN (c.version IS NULL) THEN r.state
            ELSE metering.state_corrected()
        END AS state,
    r.outcome,
    r.http_status,
    r.first_byte_us,
    r.duration_us,
    r.settled_by,
    r.charged_milli AS booked_milli,
        CASE
            WHEN (c.version IS NULL) THEN r.audio_input
            ELSE (0)::bigint
        END AS audio_input,
        CASE
            WHEN (c.version IS NULL) THEN r.image_input
            ELSE (0)::bigint
        END AS image_input,
        CASE
            WHEN (c.version IS NULL) THEN r.audio_output
            ELSE (0)::bigint
        END AS audio_output,
        CASE
            WHEN (c.version IS NULL) THEN r.image_output
            ELSE (0)::bigint
        END AS image_output
   FROM (metering.request r
     LEFT JOIN metering.correction c ON (((c.wallet_id = r.wallet_id) AND (c.started_at = r.started_at) AND (c.request_id = r.request_id) AND (NOT (EXISTS ( SELECT
           FROM metering.correction n
          WHERE ((n.wallet_id = c.wallet_id) AND (n.started_at = c.started_at) AND (n.request_id = c.request_id) AND (n.version > c.version))))))));

CREATE VIEW metering.v_request_part AS
 SELECT request_part.wallet_id,
    request_part.started_at,
    request_part.request_id,
    request_part.part,
    request_part.kind,
    request_part.name,
    request_part.price_id,
    request_part.tool,
    request_part.uses,
    request_part.doubts,
    request_part.input,
    request_part.cached_input,
    request_part.cache_write_5m,
    request_part.cache_write_1h,
    request_part.output,
    request_part.reasoning,
    request_part.audio_input,
    request_part.image_input,
    request_part.audio_output,
    request_part.image_output,
    request_part.cost_femto
   FROM metering.request_part;

CREATE VIEW metering.v_unsettled AS
 SELECT unsettled.wallet_id,
    unsettled.batch_id,
    unsettled.holder,
    unsettled.opened_at,
    unsettled.charged_milli,
    unsettled.requests
   FROM metering.unsettled;

COMMENT ON VIEW metering.v_unsettled IS 'Charged, and still in its holder''s escrow: taken from what is the owner''s until it is booked.';

CREATE TABLE openid.logout (
    issuer text NOT NULL,
    jti text NOT NULL,
    sid text,
    subject text,
    issued_at timestamp with time zone NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    CONSTRAINT logout_jti_check CHECK (((length(jti) >= 1) AND (length(jti) <= 255)))
);

CREATE TABLE openid.session (
    session_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    sid text,
    id_token bytea,
    CONSTRAINT session_sid_check CHECK (((length(sid) >= 1) AND (length(sid) <= 255)))
);

CREATE VIEW openid.v_source AS
 SELECT ('openid '::text || provider.name) AS source
   FROM openid.provider
  WHERE ((provider.decision = 'approved'::text) AND (provider.ended_at IS NULL));

CREATE TABLE people.departure (
    departure_id uuid NOT NULL,
    person_id uuid NOT NULL,
    last_day date NOT NULL,
    reason text NOT NULL,
    asked_by text NOT NULL,
    asked_by_account uuid,
    asked_by_person uuid,
    asked_at timestamp with time zone NOT NULL,
    was_held boolean NOT NULL,
    confirmed_at timestamp with time zone,
    falls_at timestamp with time zone,
    outcome text,
    decided_by text,
    decided_by_account uuid,
    decided_by_person uuid,
    decided_at timestamp with time zone,
    decided_reason text,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT departure_check CHECK ((((outcome IS NULL) = (decided_at IS NULL)) AND ((outcome IS NULL) = (decided_by IS NULL)))),
    CONSTRAINT departure_check1 CHECK (((confirmed_at IS NULL) OR was_held)),
    CONSTRAINT departure_check2 CHECK (((falls_at IS NULL) = (was_held AND (confirmed_at IS NULL)))),
    CONSTRAINT departure_outcome_check CHECK ((outcome = ANY (ARRAY['approved'::text, 'declined'::text, 'withdrawn'::text, 'hr'::text, 'grace'::text, 'returned'::text]))),
    CONSTRAINT departure_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 1000)))
);

CREATE TABLE people.identity (
    kind text NOT NULL,
    value text NOT NULL,
    person_id uuid NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE people.identity_kind (
    kind text NOT NULL,
    finds_person boolean DEFAULT false NOT NULL,
    declared_by text NOT NULL,
    declared_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT identity_kind_declared_by_check CHECK ((declared_by <> ''::text)),
    CONSTRAINT identity_kind_kind_check CHECK ((kind ~ '^[a-z][a-z0-9_]{0,39}$'::text))
);

CREATE TABLE people.person_span (
    person_id uuid NOT NULL,
    starts_on date NOT NULL,
    team text NOT NULL,
    role text NOT NULL,
    level text NOT NULL,
    country character(2) NOT NULL,
    legal_entity text,
    cost_centre text NOT NULL,
    manager_id uuid,
    base_pay_cents bigint NOT NULL,
    total_pay_cents bigint NOT NULL,
    currency character(3) NOT NULL,
    employment text DEFAULT 'employee'::text NOT NULL,
    part_time_bp integer DEFAULT 10000 NOT NULL,
    leave text,
    time_zone text,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT person_span_base_pay_cents_check CHECK ((base_pay_cents >= 0)),
    CONSTRAINT person_span_check CHECK ((total_pay_cents >= base_pay_cents)),
    CONSTRAINT person_span_check1 CHECK ((manager_id <> person_id)),
    CONSTRAINT person_span_employment_check CHECK ((employment = ANY (ARRAY['employee'::text, 'contractor'::text]))),
    CONSTRAINT person_span_leave_check CHECK ((leave ~ '^[a-z][a-z0-9_-]{0,39}$'::text)),
    CONSTRAINT person_span_legal_entity_check CHECK ((legal_entity <> ''::text)),
    CONSTRAINT person_span_level_check CHECK ((level ~ '^L([1-9]|10)$'::text)),
    CONSTRAINT person_span_part_time_bp_check CHECK (((part_time_bp >= 1) AND (part_time_bp <= 10000))),
    CONSTRAINT person_span_time_zone_check CHECK ((time_zone <> ''::text))
);

CREATE TABLE people.span_change (
    change_id uuid NOT NULL,
    person_id uuid NOT NULL,
    from_on date NOT NULL,
    until_on date,
    parts text[] NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    made_by_account uuid,
    made_by_person uuid,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT span_change_check CHECK ((until_on >= from_on)),
    CONSTRAINT span_change_made_by_check CHECK ((made_by <> ''::text)),
    CONSTRAINT span_change_parts_check CHECK ((cardinality(parts) > 0))
);

CREATE TABLE people.team (
    team_id uuid NOT NULL,
    path text NOT NULL,
    parent_id uuid,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT team_path_check CHECK ((path <> ''::text))
);

CREATE VIEW people.v_departure AS
 SELECT departure.departure_id,
    departure.person_id,
    departure.last_day,
    departure.reason,
    departure.asked_by,
    departure.asked_by_account,
    departure.asked_by_person,
    departure.asked_at,
    (departure.was_held AND (departure.confirmed_at IS NULL)) AS is_held,
    departure.falls_at,
    departure.outcome,
    departure.decided_by,
    departure.decided_by_account,
    departure.decided_by_person,
    departure.decided_at,
    departure.decided_reason
   FROM people.departure;

CREATE VIEW people.v_identity AS
 SELECT identity.kind,
    identity.value,
    identity.person_id
   FROM people.identity;

CREATE VIEW people.v_identity_kind AS
 SELECT identity_kind.kind,
    identity_kind.finds_person,
    identity_kind.declared_by,
    identity_kind.declared_at
   FROM people.identity_kind;

CREATE VIEW people.v_person_span AS
 SELECT person_span.person_id,
    person_span.starts_on,
    (lead(person_span.starts_on) OVER (PARTITION BY person_span.person_id ORDER BY person_span.starts_on) - 1) AS ends_on,
    person_span.team,
    person_span.role,
    person_span.level,
    person_span.country,
    person_span.legal_entity,
    person_span.cost_centre,
    person_span.manager_id,
    person_span.base_pay_cents,
    person_span.total_pay_cents,
    person_span.currency,
    person_span.employment,
    person_span.part_time_bp,
    person_span.leave,
    person_span.time_zone
   FROM people.person_span;

CREATE VIEW people.v_span_change AS
 SELECT span_change.change_id,
    span_change.person_id,
    span_change.from_on,
    span_change.until_on,
    span_change.parts,
    span_change.made_at,
    span_change.made_by,
    span_change.made_by_account,
    span_change.made_by_person
   FROM people.span_change;

CREATE TABLE pricing.decision (
    proposal_id uuid NOT NULL,
    is_approved boolean NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    effective_from timestamp with time zone,
    accepted_outliers boolean NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    decided_by_account uuid,
    decided_by_person uuid,
    decided_alone boolean DEFAULT false NOT NULL,
    CONSTRAINT decision_check CHECK (((effective_from IS NOT NULL) = is_approved))
);

CREATE TABLE pricing.price (
    id uuid NOT NULL,
    model text NOT NULL,
    provider text NOT NULL,
    effective_from timestamp with time zone NOT NULL,
    input_rate bigint NOT NULL,
    cached_input_rate bigint NOT NULL,
    cache_write_5m_rate bigint NOT NULL,
    cache_write_1h_rate bigint NOT NULL,
    output_rate bigint NOT NULL,
    tier_over bigint,
    tier_input_rate bigint,
    tier_cached_input_rate bigint,
    tier_cache_write_5m_rate bigint,
    tier_cache_write_1h_rate bigint,
    tier_output_rate bigint,
    context_tokens bigint NOT NULL,
    max_output_tokens bigint NOT NULL,
    per_request_nanos bigint NOT NULL,
    source text NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    training_rate bigint,
    audio_input_rate bigint,
    image_input_rate bigint,
    audio_output_rate bigint,
    image_output_rate bigint,
    service_tier smallint DEFAULT 1 NOT NULL,
    web_search_fee bigint,
    web_fetch_fee bigint,
    code_execution_fee bigint,
    file_search_fee bigint,
    grounded_prompt_fee bigint,
    maps_prompt_fee bigint,
    image_generation_fee bigint,
    CONSTRAINT price_audio_input_rate_check CHECK ((audio_input_rate >= 0)),
    CONSTRAINT price_audio_output_rate_check CHECK ((audio_output_rate >= 0)),
    CONSTRAINT price_cache_write_1h_rate_check CHECK ((cache_write_1h_rate >= 0)),
    CONSTRAINT price_cache_write_5m_rate_check CHECK ((cache_write_5m_rate >= 0)),
    CONSTRAINT price_cached_input_rate_check CHECK ((cached_input_rate >= 0)),
    CONSTRAINT price_check CHECK ((num_nulls(tier_over, tier_input_rate, tier_cached_input_rate, tier_cache_write_5m_rate, tier_cache_write_1h_rate, tier_output_rate) = ANY (ARRAY[0, 6]))),
    CONSTRAINT price_code_execution_fee_check CHECK ((code_execution_fee >= 0)),
    CONSTRAINT price_context_tokens_check CHECK ((context_tokens > 0)),
    CONSTRAINT price_file_search_fee_check CHECK ((file_search_fee >= 0)),
    CONSTRAINT price_grounded_prompt_fee_check CHECK ((grounded_prompt_fee >= 0)),
    CONSTRAINT price_image_generation_fee_check CHECK ((image_generation_fee >= 0)),
    CONSTRAINT price_image_input_rate_check CHECK ((image_input_rate >= 0)),
    CONSTRAINT price_image_output_rate_check CHECK ((image_output_rate >= 0)),
    CONSTRAINT price_input_rate_check CHECK ((input_rate >= 0)),
    CONSTRAINT price_maps_prompt_fee_check CHECK ((maps_prompt_fee >= 0)),
    CONSTRAINT price_max_output_tokens_check CHECK ((max_output_tokens > 0)),
    CONSTRAINT price_model_check CHECK ((model <> ''::text)),
    CONSTRAINT price_output_rate_check CHECK ((output_rate >= 0)),
    CONSTRAINT price_per_request_nanos_check CHECK ((per_request_nanos >= 0)),
    CONSTRAINT price_provider_check CHECK ((provider <> ''::text)),
    CONSTRAINT price_service_tier CHECK (((service_tier >= 1) AND (service_tier <= 5))),
    CONSTRAINT price_tier_cache_write_1h_rate_check CHECK ((tier_cache_write_1h_rate >= 0)),
    CONSTRAINT price_tier_cache_write_5m_rate_check CHECK ((tier_cache_write_5m_rate >= 0)),
    CONSTRAINT price_tier_cached_input_rate_check CHECK ((tier_cached_input_rate >= 0)),
    CONSTRAINT price_tier_input_rate_check CHECK ((tier_input_rate >= 0)),
    CONSTRAINT price_tier_output_rate_check CHECK ((tier_output_rate >= 0)),
    CONSTRAINT price_tier_over_check CHECK ((tier_over > 0)),
    CONSTRAINT price_training_rate_check CHECK ((training_rate >= 0)),
    CONSTRAINT price_web_fetch_fee_check CHECK ((web_fetch_fee >= 0)),
    CONSTRAINT price_web_search_fee_check CHECK ((web_search_fee >= 0))
);

CREATE TABLE pricing.proposal (
    proposal_id uuid NOT NULL,
    format text NOT NULL,
    name text NOT NULL,
    imported_by text NOT NULL,
    imported_at timestamp with time zone NOT NULL,
    content bytea NOT NULL,
    lines jsonb NOT NULL,
    skips jsonb NOT NULL,
    new_count integer NOT NULL,
    changed_count integer NOT NULL,
    same_count integer NOT NULL,
    outlier_count integer NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    imported_by_account uuid,
    imported_by_person uuid,
    CONSTRAINT proposal_changed_count_check CHECK ((changed_count >= 0)),
    CONSTRAINT proposal_check CHECK (((outlier_count >= 0) AND (outlier_count <= (new_count + changed_count)))),
    CONSTRAINT proposal_content_check CHECK ((length(content) = 32)),
    CONSTRAINT proposal_format_check CHECK ((format = ANY (ARRAY['litellm'::text, 'csv'::text]))),
    CONSTRAINT proposal_new_count_check CHECK ((new_count >= 0)),
    CONSTRAINT proposal_same_count_check CHECK ((same_count >= 0))
);

CREATE VIEW pricing.v_price AS
 SELECT price.id,
    price.model,
    price.provider,
    price.effective_from,
    price.input_rate,
    price.cached_input_rate,
    price.cache_write_5m_rate,
    price.cache_write_1h_rate,
    price.output_rate,
    price.tier_over,
    price.tier_input_rate,
    price.tier_cached_input_rate,
    price.tier_cache_write_5m_rate,
    price.tier_cache_write_1h_rate,
    price.tier_output_rate,
    price.context_tokens,
    price.max_output_tokens,
    price.per_request_nanos,
    price.source,
    price.training_rate,
    price.audio_input_rate,
    price.image_input_rate,
    price.audio_output_rate,
    price.image_output_rate,
    price.service_tier,
    price.web_search_fee,
    price.web_fetch_fee,
    price.code_execution_fee,
    price.file_search_fee,
    price.grounded_prompt_fee,
    price.maps_prompt_fee,
    price.image_generation_fee
   FROM pricing.price;

CREATE VIEW pricing.v_proposal AS
 SELECT p.proposal_id,
    p.format,
    p.name,
    p.imported_by,
    p.imported_at,
    p.lines,
    p.skips,
    p.new_count,
    p.changed_count,
    p.same_count,
    p.outlier_count,
    p.content,
    d.is_approved,
    d.decided_by,
    d.decided_at,
    d.effective_from,
    d.accepted_outliers,
    p.imported_by_account,
    p.imported_by_person,
    d.decided_by_account,
    d.decided_by_person,
    COALESCE(d.decided_alone, false) AS decided_alone
   FROM (pricing.proposal p
     LEFT JOIN pricing.decision d USING (proposal_id));

CREATE TABLE scim."group" (
    group_id uuid NOT NULL,
    display_name text NOT NULL,
    folded_name text NOT NULL,
    external_id text,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT group_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 256))),
    CONSTRAINT group_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 256))),
    CONSTRAINT group_version_check CHECK ((version > 0))
);

CREATE TABLE scim.member (
    group_id uuid NOT NULL,
    user_id uuid NOT NULL,
    added_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE scim.person_link (
    user_id uuid NOT NULL,
    person_id uuid NOT NULL,
    linked_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL
);

CREATE TABLE scim."user" (
    user_id uuid NOT NULL,
    user_name text NOT NULL,
    external_id text,
    active boolean NOT NULL,
    resource jsonb NOT NULL,
    folded jsonb NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    digest bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT user_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 256))),
    CONSTRAINT user_folded_check CHECK ((jsonb_typeof(folded) = 'object'::text)),
    CONSTRAINT user_resource_check CHECK ((jsonb_typeof(resource) = 'object'::text)),
    CONSTRAINT user_user_name_check CHECK (((length(user_name) >= 1) AND (length(user_name) <= 256))),
    CONSTRAINT user_version_check CHECK ((version > 0))
);

CREATE TABLE web.form_turn (
    turn_id bytea NOT NULL,
    account_id uuid NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    goes_to text,
    answer bytea,
    CONSTRAINT form_turn_check CHECK (((answered_at IS NULL) = (goes_to IS NULL))),
    CONSTRAINT form_turn_check1 CHECK (((answer IS NULL) OR (answered_at IS NOT NULL))),
    CONSTRAINT form_turn_turn_id_check CHECK ((length(turn_id) = 32))
);

COMMENT ON COLUMN web.form_turn.turn_id IS 'SHA-256 of the token and the form''s name.';

COMMENT ON COLUMN web.form_turn.goes_to IS 'Where the browser was sent. Null: the work is not over, or was cut off.';

COMMENT ON COLUMN web.form_turn.answer IS 'The page to be fetched once, sealed with a key that only the browser has. Null: fetched, faded, or none.';

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_00 FOR VALUES WITH (modulus 16, remainder 0);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_01 FOR VALUES WITH (modulus 16, remainder 1);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_02 FOR VALUES WITH (modulus 16, remainder 2);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_03 FOR VALUES WITH (modulus 16, remainder 3);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_04 FOR VALUES WITH (modulus 16, remainder 4);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_05 FOR VALUES WITH (modulus 16, remainder 5);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_06 FOR VALUES WITH (modulus 16, remainder 6);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_07 FOR VALUES WITH (modulus 16, remainder 7);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_08 FOR VALUES WITH (modulus 16, remainder 8);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_09 FOR VALUES WITH (modulus 16, remainder 9);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_10 FOR VALUES WITH (modulus 16, remainder 10);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_11 FOR VALUES WITH (modulus 16, remainder 11);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_12 FOR VALUES WITH (modulus 16, remainder 12);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_13 FOR VALUES WITH (modulus 16, remainder 13);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_14 FOR VALUES WITH (modulus 16, remainder 14);

ALTER TABLE ONLY ledger.entry ATTACH PARTITION ledger.entry_15 FOR VALUES WITH (modulus 16, remainder 15);

ALTER TABLE ONLY metering.opening_group ATTACH PARTITION metering.opening_group_default DEFAULT;

ALTER TABLE ONLY metering.request ATTACH PARTITION metering.request_default DEFAULT;

ALTER TABLE ONLY approvals.input
    ADD CONSTRAINT input_pkey PRIMARY KEY (input_id);

ALTER TABLE ONLY compensation.claim
    ADD CONSTRAINT claim_pkey PRIMARY KEY (claim_id);

ALTER TABLE ONLY compensation.clawback
    ADD CONSTRAINT clawback_pkey PRIMARY KEY (run_id, line);

ALTER TABLE ONLY compensation.conversion_lot
    ADD CONSTRAINT conversion_lot_pkey PRIMARY KEY (conversion_id, lot);

ALTER TABLE ONLY compensation.conversion
    ADD CONSTRAINT conversion_person_id_key_key UNIQUE (person_id, key);

ALTER TABLE ONLY compensation.conversion
    ADD CONSTRAINT conversion_person_id_number_key UNIQUE (person_id, number);

ALTER TABLE ONLY compensation.conversion
    ADD CONSTRAINT conversion_pkey PRIMARY KEY (conversion_id);

ALTER TABLE ONLY compensation.conversion_step
    ADD CONSTRAINT conversion_step_pkey PRIMARY KEY (conversion_id, number);

ALTER TABLE ONLY compensation.conversion_terms
    ADD CONSTRAINT conversion_terms_pkey PRIMARY KEY (terms_id);

ALTER TABLE ONLY compensation.conversion_terms
    ADD CONSTRAINT conversion_terms_version_key UNIQUE (version);

ALTER TABLE ONLY compensation.grant_chunk
    ADD CONSTRAINT grant_chunk_pkey PRIMARY KEY (run_id, chunk);

ALTER TABLE ONLY compensation.grant_line
    ADD CONSTRAINT grant_line_pkey PRIMARY KEY (run_id, line);

ALTER TABLE ONLY compensation.grant_run
    ADD CONSTRAINT grant_run_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY compensation.notice_choice
    ADD CONSTRAINT notice_choice_pkey PRIMARY KEY (person_id, kind);

ALTER TABLE ONLY compensation.notice_delivery
    ADD CONSTRAINT notice_delivery_pkey PRIMARY KEY (notice_id, way);

ALTER TABLE ONLY compensation.notice
    ADD CONSTRAINT notice_kind_subject_person_id_key UNIQUE (kind, subject, person_id);

ALTER TABLE ONLY compensation.notice
    ADD CONSTRAINT notice_notice_id_person_id_key UNIQUE (notice_id, person_id);

ALTER TABLE ONLY compensation.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (notice_id);

ALTER TABLE ONLY compensation.notice_served
    ADD CONSTRAINT notice_served_pkey PRIMARY KEY (way);

ALTER TABLE ONLY compensation.notice_way
    ADD CONSTRAINT notice_way_pkey PRIMARY KEY (way);

ALTER TABLE ONLY compensation.offer_link
    ADD CONSTRAINT offer_link_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY compensation.offer_link_revoked
    ADD CONSTRAINT offer_link_revoked_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY compensation.offer
    ADD CONSTRAINT offer_name_version_key UNIQUE (name, version);

ALTER TABLE ONLY compensation.offer
    ADD CONSTRAINT offer_pkey PRIMARY KEY (offer_id);

ALTER TABLE ONLY compensation.pay_line
    ADD CONSTRAINT pay_line_claim_id_kind_key UNIQUE (claim_id, kind);

ALTER TABLE ONLY compensation.pay_line
    ADD CONSTRAINT pay_line_conversion_id_kind_key UNIQUE (conversion_id, kind);

ALTER TABLE ONLY compensation.pay_line
    ADD CONSTRAINT pay_line_corrects_key UNIQUE (corrects);

ALTER TABLE ONLY compensation.pay_line
    ADD CONSTRAINT pay_line_pkey PRIMARY KEY (pay_line_id);

ALTER TABLE ONLY compensation.payroll_export
    ADD CONSTRAINT payroll_export_layout_period_from_key UNIQUE (layout, period_from);

ALTER TABLE ONLY compensation.payroll_export_line
    ADD CONSTRAINT payroll_export_line_export_id_number_key UNIQUE (export_id, number);

ALTER TABLE ONLY compensation.payroll_export_line
    ADD CONSTRAINT payroll_export_line_pkey PRIMARY KEY (layout, source, source_id, lot);

ALTER TABLE ONLY compensation.payroll_export
    ADD CONSTRAINT payroll_export_pkey PRIMARY KEY (export_id);

ALTER TABLE ONLY compensation.payroll_settings
    ADD CONSTRAINT payroll_settings_pkey PRIMARY KEY (settings_id);

ALTER TABLE ONLY compensation.payroll_settings
    ADD CONSTRAINT payroll_settings_version_key UNIQUE (version);

ALTER TABLE ONLY compensation.phase_step
    ADD CONSTRAINT phase_step_pkey PRIMARY KEY (plan, phase);

ALTER TABLE ONLY compensation.phase_vote
    ADD CONSTRAINT phase_vote_pkey PRIMARY KEY (plan, phase, voter);

ALTER TABLE ONLY compensation.plan
    ADD CONSTRAINT plan_name_version_key UNIQUE (name, version);

ALTER TABLE ONLY compensation.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (plan_id);

ALTER TABLE ONLY compensation.pool
    ADD CONSTRAINT pool_name_key UNIQUE (name);

ALTER TABLE ONLY compensation.pool
    ADD CONSTRAINT pool_pkey PRIMARY KEY (pool_id);

ALTER TABLE ONLY compensation.receipt_content
    ADD CONSTRAINT receipt_content_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY compensation.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY compensation.tier_request
    ADD CONSTRAINT tier_request_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY compensation.vesting_fact
    ADD CONSTRAINT vesting_fact_pkey PRIMARY KEY (fact_id);

ALTER TABLE ONLY compensation.vesting
    ADD CONSTRAINT vesting_pkey PRIMARY KEY (run_id, line);

ALTER TABLE ONLY gateway.key_budget
    ADD CONSTRAINT key_budget_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY gateway.key
    ADD CONSTRAINT key_hash_key UNIQUE (hash);

ALTER TABLE ONLY gateway.key
    ADD CONSTRAINT key_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY gateway.key_share
    ADD CONSTRAINT key_share_pkey PRIMARY KEY (key_id, holder);

ALTER TABLE ONLY gateway.node
    ADD CONSTRAINT node_pkey PRIMARY KEY (holder);

ALTER TABLE ONLY gateway.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (version);

ALTER TABLE ONLY gateway.proposed_key
    ADD CONSTRAINT proposed_key_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY gateway.provider_key
    ADD CONSTRAINT provider_key_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY gateway.provider
    ADD CONSTRAINT provider_pkey PRIMARY KEY (name, version);

ALTER TABLE ONLY gateway.switch
    ADD CONSTRAINT switch_pkey PRIMARY KEY (turn);

ALTER TABLE ONLY gateway.tuning_file
    ADD CONSTRAINT tuning_file_pkey PRIMARY KEY (wallet_id, file_id);

ALTER TABLE ONLY gateway.tuning_job
    ADD CONSTRAINT tuning_job_pkey PRIMARY KEY (wallet_id, job_id);

ALTER TABLE ONLY gateway.wallet_stop
    ADD CONSTRAINT wallet_stop_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY host.account_closed
    ADD CONSTRAINT account_closed_pkey PRIMARY KEY (account_id, closed_at);

ALTER TABLE ONLY host.account
    ADD CONSTRAINT account_email_key UNIQUE (email);

ALTER TABLE ONLY host.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY host.account_role
    ADD CONSTRAINT account_role_pkey PRIMARY KEY (account_id, role, source, given_at);

ALTER TABLE ONLY host.account_vouch
    ADD CONSTRAINT account_vouch_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY host.act_head
    ADD CONSTRAINT act_head_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY host.act
    ADD CONSTRAINT act_pkey PRIMARY KEY (act_id);

ALTER TABLE ONLY host.act
    ADD CONSTRAINT act_seq_key UNIQUE (seq);

ALTER TABLE ONLY host.data_key
    ADD CONSTRAINT data_key_pkey PRIMARY KEY (name);

ALTER TABLE ONLY host.demo_account
    ADD CONSTRAINT demo_account_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY host.login_request
    ADD CONSTRAINT login_request_code_key UNIQUE (code);

ALTER TABLE ONLY host.login_request
    ADD CONSTRAINT login_request_hash_key UNIQUE (hash);

ALTER TABLE ONLY host.login_request
    ADD CONSTRAINT login_request_pkey PRIMARY KEY (login_id);

ALTER TABLE ONLY host.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY host.one_time_link
    ADD CONSTRAINT one_time_link_hash_key UNIQUE (hash);

ALTER TABLE ONLY host.one_time_link
    ADD CONSTRAINT one_time_link_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY host.rights
    ADD CONSTRAINT rights_pkey PRIMARY KEY (role);

ALTER TABLE ONLY host.role_request
    ADD CONSTRAINT role_request_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY host.second_administrator
    ADD CONSTRAINT second_administrator_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY host.service_account
    ADD CONSTRAINT service_account_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY host.service_owner
    ADD CONSTRAINT service_owner_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY host.session
    ADD CONSTRAINT session_hash_key UNIQUE (hash);

ALTER TABLE ONLY host.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY host.token
    ADD CONSTRAINT token_hash_key UNIQUE (hash);

ALTER TABLE ONLY host.token
    ADD CONSTRAINT token_pkey PRIMARY KEY (token_id);

ALTER TABLE ONLY host.token_terms
    ADD CONSTRAINT token_terms_pkey PRIMARY KEY (token_id);

ALTER TABLE ONLY host.token_use
    ADD CONSTRAINT token_use_pkey PRIMARY KEY (token_id);

ALTER TABLE ONLY kernel.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY ledger.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_00
    ADD CONSTRAINT entry_00_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_01
    ADD CONSTRAINT entry_01_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_02
    ADD CONSTRAINT entry_02_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_03
    ADD CONSTRAINT entry_03_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_04
    ADD CONSTRAINT entry_04_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_05
    ADD CONSTRAINT entry_05_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_06
    ADD CONSTRAINT entry_06_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_07
    ADD CONSTRAINT entry_07_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_08
    ADD CONSTRAINT entry_08_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_09
    ADD CONSTRAINT entry_09_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_10
    ADD CONSTRAINT entry_10_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_11
    ADD CONSTRAINT entry_11_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_12
    ADD CONSTRAINT entry_12_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_13
    ADD CONSTRAINT entry_13_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_14
    ADD CONSTRAINT entry_14_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.entry_15
    ADD CONSTRAINT entry_15_pkey PRIMARY KEY (wallet_id, seq);

ALTER TABLE ONLY ledger.lot
    ADD CONSTRAINT lot_pkey PRIMARY KEY (wallet_id, lot);

ALTER TABLE ONLY ledger."position"
    ADD CONSTRAINT position_pkey PRIMARY KEY (wallet_id, asset, account, holder, lot);

ALTER TABLE ONLY ledger.seal
    ADD CONSTRAINT seal_pkey PRIMARY KEY (day);

ALTER TABLE ONLY ledger.seal_table
    ADD CONSTRAINT seal_table_pkey PRIMARY KEY (day, table_name);

ALTER TABLE ONLY ledger.wallet
    ADD CONSTRAINT wallet_pkey PRIMARY KEY (wallet_id);

ALTER TABLE ONLY metering.closed_holder
    ADD CONSTRAINT closed_holder_pkey PRIMARY KEY (holder);

ALTER TABLE ONLY metering.correction
    ADD CONSTRAINT correction_pkey PRIMARY KEY (wallet_id, started_at, request_id, version);

ALTER TABLE ONLY metering.day_total
    ADD CONSTRAINT day_total_pkey PRIMARY KEY (wallet_id, day, model);

ALTER TABLE ONLY metering.imported
    ADD CONSTRAINT imported_pkey PRIMARY KEY (source, row_key);

ALTER TABLE ONLY metering.opening_group
    ADD CONSTRAINT opening_group_pkey PRIMARY KEY (holder, opened_at, group_id);

ALTER TABLE ONLY metering.opening_group_default
    ADD CONSTRAINT opening_group_default_pkey PRIMARY KEY (holder, opened_at, group_id);

ALTER TABLE ONLY metering.reconciliation_applied
    ADD CONSTRAINT reconciliation_applied_pkey PRIMARY KEY (reconciliation_id);

ALTER TABLE ONLY metering.reconciliation_declined
    ADD CONSTRAINT reconciliation_declined_pkey PRIMARY KEY (reconciliation_id);

ALTER TABLE ONLY metering.reconciliation
    ADD CONSTRAINT reconciliation_pkey PRIMARY KEY (reconciliation_id);

ALTER TABLE ONLY metering.report_bucket
    ADD CONSTRAINT report_bucket_pkey PRIMARY KEY (provider, kind, starts_at, ends_at, version);

ALTER TABLE ONLY metering.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (report_id);

ALTER TABLE ONLY metering.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (wallet_id, started_at, request_id);

ALTER TABLE ONLY metering.request_default
    ADD CONSTRAINT request_default_pkey PRIMARY KEY (wallet_id, started_at, request_id);

ALTER TABLE ONLY metering.request_part
    ADD CONSTRAINT request_part_pkey PRIMARY KEY (wallet_id, started_at, request_id, part);

ALTER TABLE ONLY metering.unsettled
    ADD CONSTRAINT unsettled_pkey PRIMARY KEY (wallet_id, batch_id);

ALTER TABLE ONLY openid.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY openid.logout
    ADD CONSTRAINT logout_pkey PRIMARY KEY (issuer, jti);

ALTER TABLE ONLY openid.provider
    ADD CONSTRAINT provider_pkey PRIMARY KEY (provider_id);

ALTER TABLE ONLY openid.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY people.access_end
    ADD CONSTRAINT access_end_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY people.departure
    ADD CONSTRAINT departure_pkey PRIMARY KEY (departure_id);

ALTER TABLE ONLY people.identity_kind
    ADD CONSTRAINT identity_kind_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY people.identity
    ADD CONSTRAINT identity_person_id_kind_key UNIQUE (person_id, kind);

ALTER TABLE ONLY people.identity
    ADD CONSTRAINT identity_pkey PRIMARY KEY (kind, value);

ALTER TABLE ONLY people.person
    ADD CONSTRAINT person_email_key UNIQUE (email);

ALTER TABLE ONLY people.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY people.person_span
    ADD CONSTRAINT person_span_pkey PRIMARY KEY (person_id, starts_on);

ALTER TABLE ONLY people.span_change
    ADD CONSTRAINT span_change_pkey PRIMARY KEY (change_id);

ALTER TABLE ONLY people.team
    ADD CONSTRAINT team_path_key UNIQUE (path);

ALTER TABLE ONLY people.team
    ADD CONSTRAINT team_pkey PRIMARY KEY (team_id);

ALTER TABLE ONLY pricing.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (proposal_id);

ALTER TABLE ONLY pricing.price
    ADD CONSTRAINT price_key UNIQUE (model, service_tier, effective_from);

ALTER TABLE ONLY pricing.price
    ADD CONSTRAINT price_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pricing.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (proposal_id);

ALTER TABLE ONLY pricing.token_value
    ADD CONSTRAINT token_value_pkey PRIMARY KEY (effective_from);

ALTER TABLE ONLY scim."group"
    ADD CONSTRAINT group_name_once UNIQUE (folded_name);

ALTER TABLE ONLY scim."group"
    ADD CONSTRAINT group_pkey PRIMARY KEY (group_id);

ALTER TABLE ONLY scim.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (group_id, user_id);

ALTER TABLE ONLY scim.person_link
    ADD CONSTRAINT person_link_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY scim."user"
    ADD CONSTRAINT user_external_id_once UNIQUE (external_id);

ALTER TABLE ONLY scim."user"
    ADD CONSTRAINT user_name_once UNIQUE (user_name);

ALTER TABLE ONLY scim."user"
    ADD CONSTRAINT user_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY web.form_turn
    ADD CONSTRAINT form_turn_pkey PRIMARY KEY (turn_id);

CREATE INDEX input_alone ON approvals.input USING btree (kind, subject, decided_at) WHERE (state = 'approved'::text);

CREATE INDEX input_asked ON approvals.input USING btree (((state = 'waiting'::text)), asked_at, input_id);

CREATE INDEX input_waiting ON approvals.input USING btree (kind, subject, asked_at) WHERE (state = 'waiting'::text);

CREATE INDEX claim_any_receipt ON compensation.claim USING btree (receipt);

CREATE INDEX claim_of_person ON compensation.claim USING btree (person_id, filed_at);

CREATE UNIQUE INDEX claim_receipt ON compensation.claim USING btree (receipt) WHERE (is_approved IS DISTINCT FROM false);

CREATE INDEX claim_waiting ON compensation.claim USING btree (filed_at) WHERE (is_approved IS NULL);

CREATE INDEX conversion_lock ON compensation.conversion USING btree (lock_until);

CREATE INDEX conversion_step_reversal ON compensation.conversion_step USING btree (conversion_id) WHERE (state = 'reversal_asked'::text);

CREATE INDEX grant_chunk_open ON compensation.grant_chunk USING btree (run_id) WHERE ((posted_at IS NULL) OR (NOT rolled));

CREATE UNIQUE INDEX grant_line_once ON compensation.grant_line USING btree (plan, term, person_id, kind) WHERE ((NOT rehearsal) AND live);

CREATE INDEX grant_line_person ON compensation.grant_line USING btree (person_id) WHERE (NOT rehearsal);

CREATE INDEX grant_run_plan ON compensation.grant_run USING btree (plan, period);

CREATE INDEX grant_run_set_aside ON compensation.grant_run USING btree (set_aside_from) WHERE (set_aside_from IS NOT NULL);

CREATE INDEX grant_run_waiting ON compensation.grant_run USING btree (prepared_at) WHERE ((NOT rehearsal) AND (reversed_at IS NULL) AND ((decision IS NULL) OR (reversal_by IS NOT NULL)));

CREATE INDEX notice_delivery_due ON compensation.notice_delivery USING btree (way, next_at) WHERE (state = 'waiting'::text);

CREATE INDEX notice_delivery_not_sent ON compensation.notice_delivery USING btree (state, ended_at) WHERE (state = ANY (ARRAY['failed'::text, 'skipped'::text]));

CREATE INDEX notice_of_person ON compensation.notice USING btree (person_id, created_at);

CREATE INDEX offer_link_offer ON compensation.offer_link USING btree (offer_id);

CREATE INDEX pay_line_of_person ON compensation.pay_line USING btree (person_id, created_at);

CREATE INDEX pay_line_pay_on ON compensation.pay_line USING btree (pay_on);

CREATE UNIQUE INDEX tier_request_once ON compensation.tier_request USING btree (plan, tier, person_id) WHERE (decision IS DISTINCT FROM 'declined'::text);

CREATE INDEX tier_request_waiting ON compensation.tier_request USING btree (asked_at) WHERE (decision IS NULL);

CREATE INDEX vesting_due ON compensation.vesting USING btree (next_on) WHERE (next_on IS NOT NULL);

CREATE INDEX vesting_fact_grant ON compensation.vesting_fact USING btree (run_id, line);

CREATE INDEX vesting_fact_waiting ON compensation.vesting_fact USING btree (fact_id) WHERE ((approved_by IS NULL) AND (declined_by IS NULL));

CREATE INDEX vesting_person ON compensation.vesting USING btree (person_id);

CREATE INDEX key_share_holder ON gateway.key_share USING btree (holder);

CREATE INDEX key_wallet ON gateway.key USING btree (wallet_id);

CREATE INDEX proposed_key_kept ON gateway.proposed_key USING btree (provider) WHERE (sealed IS NOT NULL);

CREATE UNIQUE INDEX provider_key_first ON gateway.provider_key USING btree (provider) WHERE ((sealed IS NOT NULL) AND (retires_at IS NULL));

CREATE UNIQUE INDEX provider_key_second ON gateway.provider_key USING btree (provider) WHERE ((sealed IS NOT NULL) AND (retires_at IS NOT NULL));

CREATE INDEX tuning_job_due ON gateway.tuning_job USING btree (next_check_at) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX tuning_job_upstream ON gateway.tuning_job USING btree (wallet_id, upstream_id);

CREATE INDEX wallet_stop_open ON gateway.wallet_stop USING btree (wallet_id) WHERE (cleared_at IS NULL);

CREATE UNIQUE INDEX account_closed_now ON host.account_closed USING btree (account_id) WHERE (opened_at IS NULL);

CREATE UNIQUE INDEX account_role_held ON host.account_role USING btree (account_id, role, source) WHERE (taken_at IS NULL);

CREATE INDEX act_about ON host.act USING btree (about_id, at) WHERE (about_id IS NOT NULL);

CREATE INDEX act_account ON host.act USING btree (account_id, at) WHERE (account_id IS NOT NULL);

CREATE INDEX act_at ON host.act USING btree (at, act_id);

CREATE INDEX act_kind ON host.act USING btree (kind, at, act_id) WHERE (kind <> ALL (ARRAY['write'::text, 'answered'::text, 'looked'::text]));

CREATE INDEX act_looks ON host.act USING btree (at, act_id) WHERE ((kind = 'looked'::text) AND (about_id IS NULL));

CREATE INDEX act_person ON host.act USING btree (person_id, at) WHERE (person_id IS NOT NULL);

CREATE INDEX act_request ON host.act USING btree (request_id);

CREATE INDEX act_subject ON host.act USING btree (lower(subject), at, act_id) WHERE ((who = ''::text) AND (subject <> ''::text));

CREATE INDEX act_unchained ON host.act USING btree (at, act_id) WHERE (seq IS NULL);

CREATE INDEX act_who ON host.act USING btree (lower(who), at, act_id);

CREATE INDEX login_request_in ON host.login_request USING btree (session_id);

CREATE INDEX login_request_of ON host.login_request USING btree (account_id);

CREATE INDEX login_request_over ON host.login_request USING btree (ends_at);

CREATE INDEX one_time_link_by ON host.one_time_link USING btree (made_by_account);

CREATE INDEX one_time_link_of ON host.one_time_link USING btree (account_id);

CREATE UNIQUE INDEX one_time_link_open ON host.one_time_link USING btree (account_id) WHERE ((used_at IS NULL) AND (ended_at IS NULL));

CREATE UNIQUE INDEX role_request_waiting ON host.role_request USING btree (account_id, role) WHERE (decision IS NULL);

CREATE INDEX session_of ON host.session USING btree (account_id, made_at);

CREATE INDEX session_old ON host.session USING btree (made_at);

CREATE INDEX token_account ON host.token USING btree (account_id);

CREATE INDEX change_act ON kernel.change USING btree (act_id) WHERE (act_id IS NOT NULL);

CREATE INDEX change_sealed ON kernel.change USING btree (sealed_on, table_name, seq);

CREATE INDEX change_table ON kernel.change USING btree (table_name, seq);

CREATE INDEX entry_at ON ONLY ledger.entry USING brin (at) WITH (pages_per_range='32');

CREATE INDEX entry_00_at_idx ON ledger.entry_00 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_key ON ONLY ledger.entry USING btree (wallet_id, key, lot, to_account);

CREATE UNIQUE INDEX entry_00_wallet_id_key_lot_to_account_idx ON ledger.entry_00 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_01_at_idx ON ledger.entry_01 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_01_wallet_id_key_lot_to_account_idx ON ledger.entry_01 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_02_at_idx ON ledger.entry_02 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_02_wallet_id_key_lot_to_account_idx ON ledger.entry_02 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_03_at_idx ON ledger.entry_03 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_03_wallet_id_key_lot_to_account_idx ON ledger.entry_03 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_04_at_idx ON ledger.entry_04 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_04_wallet_id_key_lot_to_account_idx ON ledger.entry_04 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_05_at_idx ON ledger.entry_05 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_05_wallet_id_key_lot_to_account_idx ON ledger.entry_05 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_06_at_idx ON ledger.entry_06 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_06_wallet_id_key_lot_to_account_idx ON ledger.entry_06 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_07_at_idx ON ledger.entry_07 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_07_wallet_id_key_lot_to_account_idx ON ledger.entry_07 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_08_at_idx ON ledger.entry_08 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_08_wallet_id_key_lot_to_account_idx ON ledger.entry_08 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_09_at_idx ON ledger.entry_09 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_09_wallet_id_key_lot_to_account_idx ON ledger.entry_09 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_10_at_idx ON ledger.entry_10 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_10_wallet_id_key_lot_to_account_idx ON ledger.entry_10 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_11_at_idx ON ledger.entry_11 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_11_wallet_id_key_lot_to_account_idx ON ledger.entry_11 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_12_at_idx ON ledger.entry_12 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_12_wallet_id_key_lot_to_account_idx ON ledger.entry_12 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_13_at_idx ON ledger.entry_13 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_13_wallet_id_key_lot_to_account_idx ON ledger.entry_13 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_14_at_idx ON ledger.entry_14 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_14_wallet_id_key_lot_to_account_idx ON ledger.entry_14 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX entry_15_at_idx ON ledger.entry_15 USING brin (at) WITH (pages_per_range='32');

CREATE UNIQUE INDEX entry_15_wallet_id_key_lot_to_account_idx ON ledger.entry_15 USING btree (wallet_id, key, lot, to_account);

CREATE INDEX position_escrow ON ledger."position" USING btree (holder, wallet_id) WHERE (account = 2);

CREATE INDEX reconciliation_of_provider ON metering.reconciliation USING btree (provider, to_day);

CREATE INDEX request_estimated ON ONLY metering.request USING btree (started_at DESC) WHERE (state = 2);

CREATE INDEX request_default_started_at_idx ON metering.request_default USING btree (started_at DESC) WHERE (state = 2);

CREATE INDEX request_part_doubt ON metering.request_part USING btree (started_at DESC) WHERE (doubts <> 0);

CREATE INDEX unsettled_due ON metering.unsettled USING btree (holder, opened_at);

CREATE INDEX link_account ON openid.link USING btree (account_id);

CREATE UNIQUE INDEX link_account_once ON openid.link USING btree (issuer, account_id) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX link_subject_once ON openid.link USING btree (issuer, subject) WHERE (ended_at IS NULL);

CREATE INDEX logout_over ON openid.logout USING btree (ends_at);

CREATE UNIQUE INDEX provider_in_force ON openid.provider USING btree (name) WHERE ((decision = 'approved'::text) AND (ended_at IS NULL));

CREATE UNIQUE INDEX provider_issuer ON openid.provider USING btree (issuer) WHERE ((decision = 'approved'::text) AND (ended_at IS NULL));

CREATE UNIQUE INDEX provider_waits ON openid.provider USING btree (name) WHERE (decision IS NULL);

CREATE INDEX session_sid ON openid.session USING btree (issuer, sid) WHERE (sid IS NOT NULL);

CREATE INDEX session_subject ON openid.session USING btree (issuer, subject);

CREATE INDEX departure_at ON people.departure USING btree (asked_at);

CREATE INDEX departure_person ON people.departure USING btree (person_id);

CREATE UNIQUE INDEX departure_waits ON people.departure USING btree (person_id) WHERE (outcome IS NULL);

CREATE INDEX person_span_manager ON people.person_span USING btree (manager_id) WHERE (manager_id IS NOT NULL);

CREATE INDEX person_team ON people.person USING btree (team, email);

CREATE INDEX span_change_person ON people.span_change USING btree (person_id, from_on);

CREATE INDEX proposal_by_content ON pricing.proposal USING btree (content);

CREATE INDEX group_external_id ON scim."group" USING btree (external_id);

CREATE INDEX member_user ON scim.member USING btree (user_id);

CREATE INDEX person_link_person ON scim.person_link USING btree (person_id);

CREATE INDEX user_folded ON scim."user" USING gin (folded jsonb_path_ops);

CREATE INDEX form_turn_account ON web.form_turn USING btree (account_id, ends_at);

CREATE INDEX form_turn_answer ON web.form_turn USING btree (answered_at) WHERE (answer IS NOT NULL);

CREATE INDEX form_turn_ends ON web.form_turn USING btree (ends_at);

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_00_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_00_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_00_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_01_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_01_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_01_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_02_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_02_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_02_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_03_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_03_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_03_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_04_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_04_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_04_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_05_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_05_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_05_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_06_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_06_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_06_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_07_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_07_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_07_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_08_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_08_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_08_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_09_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_09_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_09_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_10_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_10_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_10_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_11_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_11_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_11_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_12_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_12_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_12_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_13_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_13_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_13_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_14_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_14_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_14_wallet_id_key_lot_to_account_idx;

ALTER INDEX ledger.entry_at ATTACH PARTITION ledger.entry_15_at_idx;

ALTER INDEX ledger.entry_pkey ATTACH PARTITION ledger.entry_15_pkey;

ALTER INDEX ledger.entry_key ATTACH PARTITION ledger.entry_15_wallet_id_key_lot_to_account_idx;

ALTER INDEX metering.opening_group_pkey ATTACH PARTITION metering.opening_group_default_pkey;

ALTER INDEX metering.request_pkey ATTACH PARTITION metering.request_default_pkey;

ALTER INDEX metering.request_estimated ATTACH PARTITION metering.request_default_started_at_idx;

CREATE OR REPLACE VIEW ledger.v_lot AS
 SELECT l.wallet_id,
    l.lot,
    l.asset,
    l.granted_milli,
    l.tax_class,
    l.source,
    l.expires_at,
    l.granted_at,
    (COALESCE(sum(p.amount_milli) FILTER (WHERE (p.account = ledger.account_available())), (0)::numeric))::bigint AS available_milli,
    (COALESCE(sum(p.amount_milli) FILTER (WHERE (p.account = ledger.account_escrow())), (0)::numeric))::bigint AS escrow_milli,
    (COALESCE(sum(p.amount_milli) FILTER (WHERE (p.account = ledger.account_spent())), (0)::numeric))::bigint AS spent_milli,
    (COALESCE(sum(p.amount_milli) FILTER (WHERE (p.account = ledger.account_expired())), (0)::numeric))::bigint AS expired_milli,
    (COALESCE(sum(p.amount_milli) FILTER (WHERE (p.account = ledger.account_unvested())), (0)::numeric))::bigint AS unvested_milli,
    (COALESCE(sum(p.amount_milli) FILTER (WHERE (p.account = ledger.account_locked())), (0)::numeric))::bigint AS locked_milli,
    (COALESCE(sum(p.amount_milli) FILTER (WHERE (p.account = ledger.account_converted())), (0)::numeric))::bigint AS converted_milli,
    l.transfer_id
   FROM (ledger.lot l
     LEFT JOIN ledger."position" p ON (((p.wallet_id = l.wallet_id) AND (p.lot = l.lot) AND (p.asset = l.asset))))
  GROUP BY l.wallet_id, l.lot;

CREATE TRIGGER keep_decided BEFORE UPDATE ON approvals.input FOR EACH ROW EXECUTE FUNCTION approvals.keep_decided();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON approvals.input FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON approvals.input FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON approvals.input REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('input_id', 'effective_from,basis,changes,reach,reaches,takes_two,content,state,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,reason,made,made_id', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON approvals.input REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('input_id', 'effective_from,basis,changes,reach,reaches,takes_two,content,state,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,reason,made,made_id', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON approvals.input REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('input_id', 'effective_from,basis,changes,reach,reaches,takes_two,content,state,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,reason,made,made_id', '', '');

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.claim FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.clawback FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.conversion FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.conversion_lot FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.conversion_step FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.conversion_terms FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.grant_chunk FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.grant_run FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.notice FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.notice_choice FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.offer FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.offer_link FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.offer_link_revoked FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.pay_line FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.payroll_export FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.payroll_export_line FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.payroll_settings FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.phase_step FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.phase_vote FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.plan FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.pool FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.receipt FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.tier_request FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.vesting FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON compensation.vesting_fact FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.claim FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.clawback FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.conversion FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.conversion_lot FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.conversion_step FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.conversion_terms FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.grant_chunk FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.grant_run FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.notice FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.notice_choice FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.offer FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.offer_link FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.offer_link_revoked FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.pay_line FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.payroll_export FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.payroll_export_line FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.payroll_settings FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.phase_step FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.phase_vote FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.plan FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.pool FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.receipt FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.tier_request FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.vesting FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON compensation.vesting_fact FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.claim REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('claim_id', 'is_approved,reason,decided_by,decided_by_account,decided_by_person,decided_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.clawback REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,line', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.conversion REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.conversion_lot REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id,lot', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.conversion_step REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id,number', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.conversion_terms REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('terms_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.grant_chunk REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,chunk', 'lines,total_milli,content,posted_at,rolled,returned_milli', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.grant_run REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id', 'people,lines,skipped,total_milli,total_usd_nanos,content,approved,decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,reversal_reason,reversal_by,reversal_by_account,reversal_by_person,reversal_at,reversed_by,reversed_by_account,reversed_by_person,reversed_at,reversed_alone', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.notice REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('notice_id', 'seen_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.notice_choice REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id,kind', 'by_email,changed_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.offer REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('offer_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.offer_link REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.offer_link_revoked REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.pay_line REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('pay_line_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.payroll_export REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('export_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.payroll_export_line REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('layout,source,source_id,lot', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.payroll_settings REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('settings_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.phase_step REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan,phase', 'report,begins_on,proposed_by,proposed_by_account,proposed_by_person,proposed_at,opened_at,opened_alone', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.phase_vote REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan,phase,voter', 'in_favour,reason,voted_at,voter_account,voter_person', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.plan REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.pool REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('pool_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.receipt REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('sha256', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.tier_request REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'decision,decided_by,decided_by_account,decided_by_person,decided_at,reason,from_on', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.vesting REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,line', 'vested_milli,next_on', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON compensation.vesting_fact REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('fact_id', 'approved_by,approved_by_account,approved_by_person,approved_at,approved_alone,declined_by,declined_by_account,declined_by_person,declined_at,declined_reason', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.claim REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('claim_id', 'is_approved,reason,decided_by,decided_by_account,decided_by_person,decided_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.clawback REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,line', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.conversion REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.conversion_lot REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id,lot', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.conversion_step REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id,number', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.conversion_terms REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('terms_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.grant_chunk REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,chunk', 'lines,total_milli,content,posted_at,rolled,returned_milli', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.grant_run REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id', 'people,lines,skipped,total_milli,total_usd_nanos,content,approved,decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,reversal_reason,reversal_by,reversal_by_account,reversal_by_person,reversal_at,reversed_by,reversed_by_account,reversed_by_person,reversed_at,reversed_alone', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.notice REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('notice_id', 'seen_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.notice_choice REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id,kind', 'by_email,changed_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.offer REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('offer_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.offer_link REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.offer_link_revoked REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.pay_line REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('pay_line_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.payroll_export REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('export_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.payroll_export_line REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('layout,source,source_id,lot', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.payroll_settings REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('settings_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.phase_step REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan,phase', 'report,begins_on,proposed_by,proposed_by_account,proposed_by_person,proposed_at,opened_at,opened_alone', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.phase_vote REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan,phase,voter', 'in_favour,reason,voted_at,voter_account,voter_person', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.plan REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.pool REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('pool_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.receipt REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('sha256', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.tier_request REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'decision,decided_by,decided_by_account,decided_by_person,decided_at,reason,from_on', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.vesting REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,line', 'vested_milli,next_on', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON compensation.vesting_fact REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('fact_id', 'approved_by,approved_by_account,approved_by_person,approved_at,approved_alone,declined_by,declined_by_account,declined_by_person,declined_at,declined_reason', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.claim REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('claim_id', 'is_approved,reason,decided_by,decided_by_account,decided_by_person,decided_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.clawback REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,line', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.conversion REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.conversion_lot REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id,lot', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.conversion_step REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('conversion_id,number', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.conversion_terms REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('terms_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.grant_chunk REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,chunk', 'lines,total_milli,content,posted_at,rolled,returned_milli', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.grant_run REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id', 'people,lines,skipped,total_milli,total_usd_nanos,content,approved,decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,reversal_reason,reversal_by,reversal_by_account,reversal_by_person,reversal_at,reversed_by,reversed_by_account,reversed_by_person,reversed_at,reversed_alone', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.notice REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('notice_id', 'seen_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.notice_choice REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id,kind', 'by_email,changed_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.offer REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('offer_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.offer_link REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.offer_link_revoked REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.pay_line REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('pay_line_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.payroll_export REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('export_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.payroll_export_line REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('layout,source,source_id,lot', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.payroll_settings REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('settings_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.phase_step REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan,phase', 'report,begins_on,proposed_by,proposed_by_account,proposed_by_person,proposed_at,opened_at,opened_alone', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.phase_vote REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan,phase,voter', 'in_favour,reason,voted_at,voter_account,voter_person', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.plan REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('plan_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.pool REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('pool_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.receipt REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('sha256', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.tier_request REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'decision,decided_by,decided_by_account,decided_by_person,decided_at,reason,from_on', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.vesting REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('run_id,line', 'vested_milli,next_on', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON compensation.vesting_fact REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('fact_id', 'approved_by,approved_by_account,approved_by_person,approved_at,approved_alone,declined_by,declined_by_account,declined_by_person,declined_at,declined_reason', '', '');

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.key FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.policy FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.proposed_key FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.provider FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.provider_key FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.switch FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.tuning_file FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.tuning_job FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON gateway.wallet_stop FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.key FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.policy FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.proposed_key FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.provider FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.provider_key FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.switch FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.tuning_file FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.tuning_job FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('next_check_at,checks,missing_since');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON gateway.wallet_stop FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.key REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'revoked_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.policy REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('version', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.proposed_key REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'sealed,erased_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.provider REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('name,version', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.provider_key REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'sealed,erased_at,retires_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.switch REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('turn', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.tuning_file REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,file_id', 'deleted_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.tuning_job REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,job_id', 'upstream_id,seen,warning,ended_at,trained_tokens,charged_milli', 'next_check_at,checks,missing_since', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON gateway.wallet_stop REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'cleared_at,cleared_by,cleared_by_account,cleared_by_person,cleared_alone', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.key REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'revoked_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.policy REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('version', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.proposed_key REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'sealed,erased_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.provider REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('name,version', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.provider_key REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'sealed,erased_at,retires_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.switch REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('turn', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.tuning_file REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,file_id', 'deleted_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.tuning_job REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,job_id', 'upstream_id,seen,warning,ended_at,trained_tokens,charged_milli', 'next_check_at,checks,missing_since', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON gateway.wallet_stop REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'cleared_at,cleared_by,cleared_by_account,cleared_by_person,cleared_alone', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.key REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'revoked_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.policy REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('version', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.proposed_key REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'sealed,erased_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.provider REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('name,version', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.provider_key REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('key_id', 'sealed,erased_at,retires_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.switch REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('turn', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.tuning_file REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,file_id', 'deleted_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.tuning_job REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,job_id', 'upstream_id,seen,warning,ended_at,trained_tokens,charged_milli', 'next_check_at,checks,missing_since', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON gateway.wallet_stop REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'cleared_at,cleared_by,cleared_by_account,cleared_by_person,cleared_alone', '', '');

CREATE TRIGGER end_links AFTER INSERT ON host.account_closed FOR EACH ROW EXECUTE FUNCTION openid.end_links();

CREATE TRIGGER end_once BEFORE UPDATE ON host.account_closed FOR EACH ROW EXECUTE FUNCTION host.end_once('opened_at');

CREATE TRIGGER end_once BEFORE UPDATE ON host.account_role FOR EACH ROW EXECUTE FUNCTION host.end_once('taken_at');

CREATE TRIGGER end_once BEFORE UPDATE ON host.role_request FOR EACH ROW EXECUTE FUNCTION host.end_once('decision');

CREATE TRIGGER end_once_ended BEFORE UPDATE ON host.one_time_link FOR EACH ROW EXECUTE FUNCTION host.end_once('ended_at');

CREATE TRIGGER end_once_used BEFORE UPDATE ON host.one_time_link FOR EACH ROW EXECUTE FUNCTION host.end_once('used_at');

CREATE TRIGGER find_person BEFORE INSERT ON host.account FOR EACH ROW EXECUTE FUNCTION host.find_person();

CREATE TRIGGER keep_second BEFORE UPDATE ON host.second_administrator FOR EACH ROW EXECUTE FUNCTION host.keep_second_administrator();

CREATE TRIGGER keep_service_nobodys BEFORE UPDATE OF person_id ON host.account FOR EACH ROW EXECUTE FUNCTION host.keep_service_nobodys();

CREATE TRIGGER note_second AFTER UPDATE OF person_id, password_hash ON host.account FOR EACH ROW WHEN (((old.person_id IS DISTINCT FROM new.person_id) OR ((old.password_hash IS NULL) <> (new.password_hash IS NULL)))) EXECUTE FUNCTION host.note_second_administrator();

CREATE TRIGGER note_second AFTER INSERT ON host.account_role FOR EACH ROW WHEN ((new.role = 'administrator'::text)) EXECUTE FUNCTION host.note_second_administrator();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.account FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.account_closed FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.account_role FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.account_vouch FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.act_head FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.demo_account FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.one_time_link FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.role_request FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.second_administrator FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.service_account FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.service_owner FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.token FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON host.token_terms FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.account FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.account_closed FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.account_role FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.account_vouch FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.act_head FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.demo_account FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.one_time_link FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.role_request FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.second_administrator FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.service_account FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.service_owner FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.token FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON host.token_terms FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.account REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', 'email,person_id,password_hash', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.account_closed REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id,closed_at', 'opened_at,opened_by,opened_by_account,opened_by_person', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.account_role REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id,role,source,given_at', 'taken_at,taken_by,taken_by_account,taken_by_person', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.account_vouch REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.act_head REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('seq', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.demo_account REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.one_time_link REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', 'used_at,ended_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.role_request REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,decided_reason', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.second_administrator REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('only_row', 'account_id,since,counts', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.service_account REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.service_owner REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.token REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('token_id', 'revoked_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON host.token_terms REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('token_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.account REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', 'email,person_id,password_hash', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.account_closed REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id,closed_at', 'opened_at,opened_by,opened_by_account,opened_by_person', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.account_role REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id,role,source,given_at', 'taken_at,taken_by,taken_by_account,taken_by_person', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.account_vouch REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.act_head REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('seq', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.demo_account REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.one_time_link REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', 'used_at,ended_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.role_request REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,decided_reason', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.second_administrator REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('only_row', 'account_id,since,counts', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.service_account REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.service_owner REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.token REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('token_id', 'revoked_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON host.token_terms REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('token_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.account REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', 'email,person_id,password_hash', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.account_closed REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id,closed_at', 'opened_at,opened_by,opened_by_account,opened_by_person', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.account_role REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id,role,source,given_at', 'taken_at,taken_by,taken_by_account,taken_by_person', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.account_vouch REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.act_head REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('seq', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.demo_account REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.one_time_link REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', 'used_at,ended_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.role_request REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('request_id', 'decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,decided_reason', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.second_administrator REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('only_row', 'account_id,since,counts', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.service_account REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.service_owner REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('account_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.token REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('token_id', 'revoked_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON host.token_terms REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('token_id', '', '', '');

CREATE TRIGGER note_act AFTER INSERT ON kernel.change FOR EACH STATEMENT EXECUTE FUNCTION host.note_act();

CREATE TRIGGER expect_noted BEFORE INSERT ON ledger.seal FOR EACH ROW EXECUTE FUNCTION ledger.expect_noted();

CREATE TRIGGER decide_once BEFORE INSERT ON metering.reconciliation_applied FOR EACH ROW EXECUTE FUNCTION metering.decide_once();

CREATE TRIGGER decide_once BEFORE INSERT ON metering.reconciliation_declined FOR EACH ROW EXECUTE FUNCTION metering.decide_once();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON metering.reconciliation FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON metering.reconciliation_applied FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON metering.reconciliation_declined FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON metering.report FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON metering.report_bucket FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON metering.reconciliation FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON metering.reconciliation_applied FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON metering.reconciliation_declined FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON metering.report FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON metering.report_bucket FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_batch AFTER INSERT ON metering.request REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_batch('request_id');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON metering.correction REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,started_at,request_id,version', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON metering.reconciliation REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON metering.reconciliation_applied REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON metering.reconciliation_declined REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON metering.report REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('report_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON metering.report_bucket REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('provider,kind,starts_at,ends_at,version', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON metering.correction REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,started_at,request_id,version', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON metering.reconciliation REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON metering.reconciliation_applied REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON metering.reconciliation_declined REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON metering.report REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('report_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON metering.report_bucket REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('provider,kind,starts_at,ends_at,version', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON metering.correction REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('wallet_id,started_at,request_id,version', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON metering.reconciliation REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON metering.reconciliation_applied REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON metering.reconciliation_declined REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('reconciliation_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON metering.report REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('report_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON metering.report_bucket REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('provider,kind,starts_at,ends_at,version', '', '', '');

CREATE TRIGGER end_once BEFORE UPDATE ON openid.link FOR EACH ROW EXECUTE FUNCTION host.end_once('ended_at');

CREATE TRIGGER end_once BEFORE UPDATE ON openid.provider FOR EACH ROW EXECUTE FUNCTION host.end_once('ended_at');

CREATE TRIGGER note_second AFTER INSERT ON openid.link FOR EACH ROW EXECUTE FUNCTION host.note_second_administrator();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON openid.link FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON openid.provider FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON openid.link FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON openid.provider FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON openid.link REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', 'ended_at,ended_by', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON openid.provider REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('provider_id', 'secret,decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,decided_reason,ended_at,ended_by,ended_by_account,ended_by_person', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON openid.link REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', 'ended_at,ended_by', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON openid.provider REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('provider_id', 'secret,decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,decided_reason,ended_at,ended_by,ended_by_account,ended_by_person', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON openid.link REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('link_id', 'ended_at,ended_by', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON openid.provider REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('provider_id', 'secret,decision,decided_by,decided_by_account,decided_by_person,decided_at,decided_alone,decided_reason,ended_at,ended_by,ended_by_account,ended_by_person', '', '');

CREATE TRIGGER begin_spans AFTER INSERT ON people.person REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION people.begin_spans();

CREATE TRIGGER begin_spans_earlier AFTER UPDATE ON people.person REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION people.begin_spans();

CREATE TRIGGER follow_addresses AFTER UPDATE ON people.person REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION host.follow_addresses();

CREATE TRIGGER join_accounts AFTER INSERT ON people.person REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION host.join_accounts();

CREATE TRIGGER tell_access AFTER INSERT ON people.access_end REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION people.tell_access();

CREATE TRIGGER tell_access_again AFTER DELETE ON people.access_end REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION people.tell_access();

CREATE TRIGGER tell_last_days AFTER UPDATE ON people.person REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION people.tell_last_days();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON people.access_end FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON people.departure FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON people.identity FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON people.identity_kind FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON people.person FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON people.person_span FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON people.span_change FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON people.team FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON people.access_end FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON people.departure FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON people.identity FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON people.identity_kind FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON people.person FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON people.person_span FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON people.span_change FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON people.team FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON people.access_end REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id', '', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON people.departure REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('departure_id', 'confirmed_at,falls_at,outcome,decided_by,decided_by_account,decided_by_person,decided_at,decided_reason', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON people.identity REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('kind,value', '', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON people.identity_kind REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('kind', 'finds_person,declared_by,declared_at', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON people.person REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id', 'email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay_cents,total_pay_cents,currency,is_bot', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON people.person_span REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id,starts_on', 'team,role,level,country,legal_entity,cost_centre,manager_id,base_pay_cents,total_pay_cents,currency,employment,part_time_bp,leave,time_zone', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON people.span_change REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('change_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON people.team REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('team_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON people.access_end REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id', '', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON people.departure REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('departure_id', 'confirmed_at,falls_at,outcome,decided_by,decided_by_account,decided_by_person,decided_at,decided_reason', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON people.identity REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('kind,value', '', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON people.identity_kind REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('kind', 'finds_person,declared_by,declared_at', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON people.person REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id', 'email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay_cents,total_pay_cents,currency,is_bot', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON people.person_span REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id,starts_on', 'team,role,level,country,legal_entity,cost_centre,manager_id,base_pay_cents,total_pay_cents,currency,employment,part_time_bp,leave,time_zone', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON people.span_change REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('change_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON people.team REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('team_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON people.access_end REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id', '', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON people.departure REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('departure_id', 'confirmed_at,falls_at,outcome,decided_by,decided_by_account,decided_by_person,decided_at,decided_reason', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON people.identity REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('kind,value', '', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON people.identity_kind REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('kind', 'finds_person,declared_by,declared_at', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON people.person REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id', 'email,name,team,role,level,country,cost_centre,hired_on,left_on,base_pay_cents,total_pay_cents,currency,is_bot', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON people.person_span REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('person_id,starts_on', 'team,role,level,country,legal_entity,cost_centre,manager_id,base_pay_cents,total_pay_cents,currency,employment,part_time_bp,leave,time_zone', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON people.span_change REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('change_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON people.team REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('team_id', '', '', '');

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON pricing.decision FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON pricing.price FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON pricing.proposal FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON pricing.token_value FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON pricing.decision FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON pricing.price FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON pricing.proposal FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON pricing.token_value FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON pricing.decision REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('proposal_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON pricing.price REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON pricing.proposal REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('proposal_id', '', '', '');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON pricing.token_value REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('effective_from', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON pricing.decision REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('proposal_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON pricing.price REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON pricing.proposal REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('proposal_id', '', '', '');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON pricing.token_value REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('effective_from', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON pricing.decision REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('proposal_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON pricing.price REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON pricing.proposal REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('proposal_id', '', '', '');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON pricing.token_value REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('effective_from', '', '', '');

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON scim."group" FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON scim.member FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON scim.person_link FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_all BEFORE TRUNCATE ON scim."user" FOR EACH STATEMENT EXECUTE FUNCTION kernel.guard_row();

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON scim."group" FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON scim.member FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON scim.person_link FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_guard_row BEFORE INSERT OR DELETE OR UPDATE ON scim."user" FOR EACH ROW EXECUTE FUNCTION kernel.guard_row('');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON scim."group" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('group_id', 'display_name,folded_name,external_id,version,changed_at', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON scim.member REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('group_id,user_id', '', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON scim.person_link REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('user_id', '', '', 'removable');

CREATE TRIGGER zzz_log_delete AFTER DELETE ON scim."user" REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('user_id', 'user_name,external_id,active,resource,folded,version,changed_at', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON scim."group" REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('group_id', 'display_name,folded_name,external_id,version,changed_at', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON scim.member REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('group_id,user_id', '', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON scim.person_link REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('user_id', '', '', 'removable');

CREATE TRIGGER zzz_log_insert AFTER INSERT ON scim."user" REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('user_id', 'user_name,external_id,active,resource,folded,version,changed_at', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON scim."group" REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('group_id', 'display_name,folded_name,external_id,version,changed_at', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON scim.member REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('group_id,user_id', '', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON scim.person_link REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('user_id', '', '', 'removable');

CREATE TRIGGER zzz_log_update AFTER UPDATE ON scim."user" REFERENCING OLD TABLE AS removed NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION kernel.log_change('user_id', 'user_name,external_id,active,resource,folded,version,changed_at', '', 'removable');

ALTER TABLE ONLY compensation.claim
    ADD CONSTRAINT claim_receipt_fkey FOREIGN KEY (receipt) REFERENCES compensation.receipt(sha256);

ALTER TABLE ONLY compensation.claim
    ADD CONSTRAINT claim_terms_id_fkey FOREIGN KEY (terms_id) REFERENCES compensation.conversion_terms(terms_id);

ALTER TABLE ONLY compensation.clawback
    ADD CONSTRAINT clawback_run_id_fkey FOREIGN KEY (run_id) REFERENCES compensation.grant_run(run_id);

ALTER TABLE ONLY compensation.conversion_lot
    ADD CONSTRAINT conversion_lot_conversion_id_fkey FOREIGN KEY (conversion_id) REFERENCES compensation.conversion(conversion_id);

ALTER TABLE ONLY compensation.conversion_step
    ADD CONSTRAINT conversion_step_conversion_id_fkey FOREIGN KEY (conversion_id) REFERENCES compensation.conversion(conversion_id);

ALTER TABLE ONLY compensation.conversion
    ADD CONSTRAINT conversion_terms_id_fkey FOREIGN KEY (terms_id) REFERENCES compensation.conversion_terms(terms_id);

ALTER TABLE ONLY compensation.grant_chunk
    ADD CONSTRAINT grant_chunk_run_id_fkey FOREIGN KEY (run_id) REFERENCES compensation.grant_run(run_id);

ALTER TABLE ONLY compensation.grant_run
    ADD CONSTRAINT grant_run_plan_id_fkey FOREIGN KEY (plan_id) REFERENCES compensation.plan(plan_id);

ALTER TABLE ONLY compensation.grant_run
    ADD CONSTRAINT grant_run_set_aside_from_fkey FOREIGN KEY (set_aside_from) REFERENCES compensation.grant_run(run_id);

ALTER TABLE ONLY compensation.notice_delivery
    ADD CONSTRAINT notice_delivery_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES compensation.notice(notice_id);

ALTER TABLE ONLY compensation.notice_delivery
    ADD CONSTRAINT notice_delivery_way_fkey FOREIGN KEY (way) REFERENCES compensation.notice_way(way);

ALTER TABLE ONLY compensation.offer_link
    ADD CONSTRAINT offer_link_offer_id_fkey FOREIGN KEY (offer_id) REFERENCES compensation.offer(offer_id);

ALTER TABLE ONLY compensation.offer_link_revoked
    ADD CONSTRAINT offer_link_revoked_link_id_fkey FOREIGN KEY (link_id) REFERENCES compensation.offer_link(link_id);

ALTER TABLE ONLY compensation.pay_line
    ADD CONSTRAINT pay_line_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES compensation.claim(claim_id);

ALTER TABLE ONLY compensation.pay_line
    ADD CONSTRAINT pay_line_conversion_id_fkey FOREIGN KEY (conversion_id) REFERENCES compensation.conversion(conversion_id);

ALTER TABLE ONLY compensation.pay_line
    ADD CONSTRAINT pay_line_corrects_fkey FOREIGN KEY (corrects) REFERENCES compensation.pay_line(pay_line_id);

ALTER TABLE ONLY compensation.pay_line
    ADD CONSTRAINT pay_line_notice_id_person_id_fkey FOREIGN KEY (notice_id, person_id) REFERENCES compensation.notice(notice_id, person_id);

ALTER TABLE ONLY compensation.payroll_export_line
    ADD CONSTRAINT payroll_export_line_export_id_fkey FOREIGN KEY (export_id) REFERENCES compensation.payroll_export(export_id);

ALTER TABLE ONLY compensation.payroll_export
    ADD CONSTRAINT payroll_export_settings_id_fkey FOREIGN KEY (settings_id) REFERENCES compensation.payroll_settings(settings_id);

ALTER TABLE ONLY compensation.phase_vote
    ADD CONSTRAINT phase_vote_plan_phase_fkey FOREIGN KEY (plan, phase) REFERENCES compensation.phase_step(plan, phase);

ALTER TABLE ONLY compensation.receipt
    ADD CONSTRAINT receipt_sha256_fkey FOREIGN KEY (sha256) REFERENCES compensation.receipt_content(sha256);

ALTER TABLE ONLY compensation.vesting_fact
    ADD CONSTRAINT vesting_fact_run_id_line_fkey FOREIGN KEY (run_id, line) REFERENCES compensation.vesting(run_id, line);

ALTER TABLE ONLY host.account_closed
    ADD CONSTRAINT account_closed_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.account_role
    ADD CONSTRAINT account_role_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.account_vouch
    ADD CONSTRAINT account_vouch_link_id_fkey FOREIGN KEY (link_id) REFERENCES host.one_time_link(link_id);

ALTER TABLE ONLY host.account_vouch
    ADD CONSTRAINT account_vouch_vouched_by_account_fkey FOREIGN KEY (vouched_by_account) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.demo_account
    ADD CONSTRAINT demo_account_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.login_request
    ADD CONSTRAINT login_request_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.login_request
    ADD CONSTRAINT login_request_session_id_fkey FOREIGN KEY (session_id) REFERENCES host.session(session_id) ON DELETE CASCADE;

ALTER TABLE ONLY host.one_time_link
    ADD CONSTRAINT one_time_link_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.one_time_link
    ADD CONSTRAINT one_time_link_made_by_account_fkey FOREIGN KEY (made_by_account) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.role_request
    ADD CONSTRAINT role_request_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.service_account
    ADD CONSTRAINT service_account_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.service_owner
    ADD CONSTRAINT service_owner_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.service_account(account_id);

ALTER TABLE ONLY host.service_owner
    ADD CONSTRAINT service_owner_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.token
    ADD CONSTRAINT token_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY host.token_terms
    ADD CONSTRAINT token_terms_token_id_fkey FOREIGN KEY (token_id) REFERENCES host.token(token_id);

ALTER TABLE ONLY host.token_use
    ADD CONSTRAINT token_use_token_id_fkey FOREIGN KEY (token_id) REFERENCES host.token(token_id);

ALTER TABLE ONLY ledger.seal_table
    ADD CONSTRAINT seal_table_day_fkey FOREIGN KEY (day) REFERENCES ledger.seal(day);

ALTER TABLE ONLY metering.reconciliation_applied
    ADD CONSTRAINT reconciliation_applied_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES metering.reconciliation(reconciliation_id);

ALTER TABLE ONLY metering.reconciliation_declined
    ADD CONSTRAINT reconciliation_declined_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES metering.reconciliation(reconciliation_id);

ALTER TABLE ONLY metering.report_bucket
    ADD CONSTRAINT report_bucket_report_id_fkey FOREIGN KEY (report_id) REFERENCES metering.report(report_id);

ALTER TABLE ONLY openid.link
    ADD CONSTRAINT link_account_id_fkey FOREIGN KEY (account_id) REFERENCES host.account(account_id);

ALTER TABLE ONLY openid.link
    ADD CONSTRAINT link_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES openid.provider(provider_id);

ALTER TABLE ONLY openid.session
    ADD CONSTRAINT session_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES openid.provider(provider_id);

ALTER TABLE ONLY openid.session
    ADD CONSTRAINT session_session_id_fkey FOREIGN KEY (session_id) REFERENCES host.session(session_id) ON DELETE CASCADE;

ALTER TABLE ONLY people.access_end
    ADD CONSTRAINT access_end_person_id_fkey FOREIGN KEY (person_id) REFERENCES people.person(person_id);

ALTER TABLE ONLY people.departure
    ADD CONSTRAINT departure_person_id_fkey FOREIGN KEY (person_id) REFERENCES people.person(person_id);

ALTER TABLE ONLY people.identity
    ADD CONSTRAINT identity_person_id_fkey FOREIGN KEY (person_id) REFERENCES people.person(person_id);

ALTER TABLE ONLY people.person_span
    ADD CONSTRAINT person_span_manager_id_fkey FOREIGN KEY (manager_id) REFERENCES people.person(person_id);

ALTER TABLE ONLY people.person_span
    ADD CONSTRAINT person_span_person_id_fkey FOREIGN KEY (person_id) REFERENCES people.person(person_id);

ALTER TABLE ONLY people.person_span
    ADD CONSTRAINT person_span_team_fkey FOREIGN KEY (team) REFERENCES people.team(path);

ALTER TABLE ONLY people.person
    ADD CONSTRAINT person_team_fkey FOREIGN KEY (team) REFERENCES people.team(path);

ALTER TABLE ONLY people.span_change
    ADD CONSTRAINT span_change_person_id_fkey FOREIGN KEY (person_id) REFERENCES people.person(person_id);

ALTER TABLE ONLY people.team
    ADD CONSTRAINT team_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES people.team(team_id);

ALTER TABLE ONLY pricing.decision
    ADD CONSTRAINT decision_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES pricing.proposal(proposal_id);

ALTER TABLE ONLY scim.member
    ADD CONSTRAINT member_group_id_fkey FOREIGN KEY (group_id) REFERENCES scim."group"(group_id) ON DELETE CASCADE;

ALTER TABLE ONLY scim.member
    ADD CONSTRAINT member_user_id_fkey FOREIGN KEY (user_id) REFERENCES scim."user"(user_id) ON DELETE CASCADE;

ALTER TABLE ONLY scim.person_link
    ADD CONSTRAINT person_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES scim."user"(user_id) ON DELETE CASCADE;
