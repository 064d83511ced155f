-- Rows that people rely on but that no double entry protects (plans, policies, prices, people) carry a digest of
-- themselves. Stipend's own sessions (stipend.writes=on) keep it; whoever edits such a row by hand leaves it stale, and
-- kernel.verify_guarded() then names the row. This shows mistakes and quiet edits. It does not stop a superuser who
-- knows the digest: what must withstand that is in the ledger's hash chains.
create schema kernel;

create function kernel.row_digest(row_json jsonb) returns bytea
    language sql immutable strict parallel safe
    return sha256(convert_to((row_json - 'digest')::text, 'UTF8'));

comment on function kernel.row_digest is
    'Of to_jsonb(row), whose text depends on session settings: call it only under those of guard_row.';

-- The settings make a value's text the same in every session; without them a psql in another time zone would see every
-- timestamp as tampered with.
create function kernel.guard_row() returns trigger
    language plpgsql
    set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
    set extra_float_digits = 1 set search_path = pg_catalog
as $$
begin
    if current_setting('stipend.writes', true) is distinct from 'on' then
        if tg_op in ('DELETE', 'TRUNCATE') then
            -- A removed row cannot carry the trace of its removal.
            raise exception 'rows of %.% are removed only through Stipend', tg_table_schema, tg_table_name
                using errcode = 'insufficient_privilege';
        end if;
        return new; -- with its old digest, so that verify finds it
    end if;

    if tg_op in ('DELETE', 'TRUNCATE') then
        return old;
    end if;

    -- A row that was edited by hand stays marked when Stipend next writes to it: a later write must not launder it.
    if tg_op = 'UPDATE' and old.digest is distinct from kernel.row_digest(to_jsonb(old))
        and current_setting('stipend.redigest', true) is distinct from 'on' then
        new.digest := '';
        return new;
    end if;

    new.digest := kernel.row_digest(to_jsonb(new));
    return new;
end
$$;

create function kernel.guard(target regclass) returns void
    language plpgsql
as $$
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

    -- Triggers run in the order of their names, and this one must see what the others have done.
    execute format(
        'create trigger zzz_guard_row before insert or update or delete on %s
         for each row execute function kernel.guard_row()', target);
    execute format(
        'create trigger zzz_guard_all before truncate on %s
         for each statement execute function kernel.guard_row()', target);
end
$$;

comment on function kernel.guard is 'Guards a table that has a column digest bytea not null default ''''.';

create function kernel.redigest(target regclass) returns void
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

comment on function kernel.redigest is
    'Digests every row anew. For a migration that has just added or changed a column of a guarded table; and, once its '
    'cause is understood, to accept an edit by hand.';

create function kernel.verify_guarded() returns table (table_name text, row_key text, problem text)
    language plpgsql stable
    set timezone = 'UTC' set datestyle = 'ISO' set intervalstyle = 'postgres' set bytea_output = 'hex'
    set extra_float_digits = 1 set search_path = pg_catalog
as $$
declare
    guarded record;
    key     text;
begin
    -- A partition's trigger is its parent's, whose rows include the partition's.
    for guarded in
        select t.tgrelid as id, t.tgrelid::regclass::text as name, t.tgenabled as state
        from pg_trigger t
        where t.tgfoid = 'kernel.guard_row'::regproc and t.tgname = 'zzz_guard_row' and t.tgparentid = 0
        order by 2
    loop
        if guarded.state <> 'O' then
            return query select guarded.name, ''::text, 'the guard of this table is switched off'::text;
        end if;

        select string_agg(format('%L || r.%I::text', a.attname || '=', a.attname), ' || '', '' || ' order by k.place)
        into key
        from pg_index i
        cross join unnest(i.indkey) with ordinality as k (number, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number
        where i.indrelid = guarded.id and i.indisprimary;

        return query execute format(
            'select %L, %s, ''changed outside Stipend''
             from %s as r
             where r.digest is distinct from kernel.row_digest(to_jsonb(r))
             order by 2',
            guarded.name, coalesce(key, '''at '' || r.ctid::text'), guarded.id::regclass);
    end loop;
end
$$;

comment on function kernel.verify_guarded is 'Every guarded row that was written by anyone but Stipend.';
