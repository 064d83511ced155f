-- Functions that run with the owner's rights do no more than Stipend asks of them, whoever of the application's role
-- calls them, and with whatever arguments:
-- 1. a day is sealed in its turn, once it has ended, and has a seal only then: a far day would have kept every later
--    one from being sealed, and the ledger from being written to;
-- 2. partitions are made for months that can be booked;
-- 3. nobody else puts the triggers that write kernel.change on tables of their own, and what a session made for itself
--    (pg_temp, where a type could be called text) is never found before what PostgreSQL has.
create or replace function kernel.seal_changes(day date) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
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

create function ledger.expect_noted() returns trigger
    language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
    if not exists (select from kernel.change c where c.sealed_on = new.day and c.op = 'seal') then
        raise exception 'ledger: % has a seal once kernel.seal_changes has said what it covers', new.day
            using errcode = 'ST002';
    end if;
    return new;
end
$$;

create trigger expect_noted before insert on ledger.seal for each row execute function ledger.expect_noted();

create or replace function metering.ensure_month(month date) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
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

alter function kernel.log_change() set search_path = pg_catalog, pg_temp;
alter function kernel.log_batch() set search_path = pg_catalog, pg_temp;
-- Firing a trigger needs no right to its function, making one does.
revoke execute on function kernel.log_change(), kernel.log_batch() from public;

-- Whoever clears a stop, by account and person: a stop of one's own wallet is another administrator's to clear.
alter table gateway.wallet_stop
    add column cleared_by_account uuid, add column cleared_by_person uuid,
    add column cleared_alone boolean not null default false; -- by the only administrator, whose wallet it was

create or replace view gateway.v_wallet_stop as
select request_id, wallet_id, model, held_milli, cost_milli, stopped_at, cleared_at, cleared_by, cleared_by_account,
       cleared_by_person, cleared_alone
  from gateway.wallet_stop;

select kernel.guard('gateway.wallet_stop',
    changing => '{cleared_at,cleared_by,cleared_by_account,cleared_by_person,cleared_alone}');
select kernel.redigest('gateway.wallet_stop');

-- Calls settled by estimate, which administrators see by provider: few, and found without reading the journal.
create index request_estimated on metering.request (started_at desc) where state = 2;
