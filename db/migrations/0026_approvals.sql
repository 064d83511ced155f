-- Who asked and who decided, by account and by person: names change, and one person may have two accounts.
alter table compensation.grant_run
    add column prepared_by_account uuid, add column prepared_by_person uuid,
    add column decided_by_account  uuid, add column decided_by_person  uuid,
    add column reversal_by_account uuid, add column reversal_by_person uuid,
    add column reversed_by_account uuid, add column reversed_by_person uuid,
    add column decided_alone  boolean not null default false, -- by the only administrator, who had prepared it
    add column reversed_alone boolean not null default false,
    add column content  bytea check (length(content) = 32),   -- compensation.run_digest: what is approved and posted
    add column approved bytea check (length(approved) = 32),  -- the digest that the approver named
    add column set_aside_from uuid references compensation.grant_run;
create index grant_run_set_aside on compensation.grant_run (set_aside_from) where set_aside_from is not null;

-- What a run is: its plan as it was applied, its sums, and every chunk with the SHA-256 over its lines: two thousand
-- rows for a million people.
create function compensation.run_digest(run uuid) returns bytea
    language sql stable strict
    set search_path = pg_catalog
    return (
        select sha256(convert_to(concat_ws(e'\n', 'stipend/grant-run/1', r.run_id, r.plan, p.version,
                   encode(sha256(convert_to(p.yaml, 'UTF8')), 'hex'), r.period, r.kind, r.attempt, r.token_value_nanos,
                   r.lines, r.total_milli, r.total_usd_nanos, c.chunks), 'UTF8'))
          from compensation.grant_run r
          join compensation.plan p on p.plan_id = r.plan_id
         cross join lateral (
            select string_agg(concat_ws(' ', chunk, asset, lines, total_milli, encode(content, 'hex')), e'\n'
                              order by chunk) as chunks
              from compensation.grant_chunk where run_id = r.run_id) c
         where r.run_id = run);

comment on function compensation.run_digest is 'The digest that an approval of the run names.';

update compensation.grant_run set content = compensation.run_digest(run_id) where not rehearsal;
update compensation.grant_run set approved = content where decision = 'approved';
select kernel.redigest('compensation.grant_run');

alter table compensation.vesting_fact
    add column asked_by_account    uuid, add column asked_by_person    uuid,
    add column approved_by_account uuid, add column approved_by_person uuid,
    add column approved_alone boolean not null default false,
    add column declined_by text, add column declined_by_account uuid, add column declined_by_person uuid,
    add column declined_at timestamptz,
    add column declined_reason text,
    add constraint vesting_fact_declined check (num_nulls(declined_by, declined_at, declined_reason) in (0, 3)),
    add constraint vesting_fact_once check (approved_by is null or declined_by is null);
create index vesting_fact_waiting on compensation.vesting_fact (fact_id)
    where approved_by is null and declined_by is null;
select kernel.redigest('compensation.vesting_fact');

alter table compensation.tier_request add column decided_by_account uuid, add column decided_by_person uuid;
select kernel.redigest('compensation.tier_request');

alter table compensation.phase_step
    add column proposed_by_account uuid, add column proposed_by_person uuid,
    add column opened_alone boolean not null default false;
select kernel.redigest('compensation.phase_step');
alter table compensation.phase_vote add column voter_account uuid, add column voter_person uuid;
select kernel.redigest('compensation.phase_vote');

alter table compensation.conversion add column requested_by_account uuid;
select kernel.redigest('compensation.conversion');
alter table compensation.conversion_step add column by_account uuid;
select kernel.redigest('compensation.conversion_step');
alter table compensation.claim add column decided_by_account uuid;
select kernel.redigest('compensation.claim');

alter table pricing.proposal add column imported_by_account uuid, add column imported_by_person uuid;
select kernel.redigest('pricing.proposal');
alter table pricing.decision
    add column decided_by_account uuid, add column decided_by_person uuid,
    add column decided_alone boolean not null default false;
select kernel.redigest('pricing.decision');

alter table metering.reconciliation add column made_by_account uuid, add column made_by_person uuid;
select kernel.redigest('metering.reconciliation');
alter table metering.reconciliation_applied
    add column applied_by_account uuid, add column applied_by_person uuid,
    add column applied_alone boolean not null default false,
    add column set_aside int not null default 0 check (set_aside >= 0); -- calls of whoever applied or asked for it
select kernel.redigest('metering.reconciliation_applied');

create or replace view compensation.v_grant_run as
select r.run_id, r.plan_id, r.plan, r.period, r.kind, r.rehearsal, r.token_value_nanos, r.people, r.lines, r.skipped,
       r.total_milli, r.total_usd_nanos, r.prepared_at, r.prepared_by, r.decision, r.decided_by, r.decided_at,
       r.reversal_reason, r.reversal_by, r.reversal_at, r.reversed_by, r.reversed_at,
       coalesce(c.posted, 0)::int as posted, c.posted_at, coalesce(c.returned_milli, 0)::bigint as returned_milli,
       r.content, r.approved, r.decided_alone, r.reversed_alone, r.set_aside_from, r.prepared_by_account,
       r.prepared_by_person, r.decided_by_account, r.decided_by_person, r.reversal_by_account, r.reversal_by_person
  from compensation.grant_run r
  left join lateral (
    select sum(lines) filter (where posted_at is not null) as posted, max(posted_at) as posted_at,
           sum(returned_milli) as returned_milli
      from compensation.grant_chunk where run_id = r.run_id) c on true;

create view compensation.v_vesting_fact as
select fact_id, run_id, line, kind, happened_on, condition_id, amount_milli, reason, asked_by, asked_at, approved_by,
       approved_at, approved_alone, declined_by, declined_at, declined_reason
  from compensation.vesting_fact;

create or replace view compensation.v_claim as
select c.claim_id, c.person_id, c.vendor, c.service, c.spent_on, c.amount_cents, c.currency, c.purpose, c.receipt,
       r.content_type, r.bytes, c.notice_days, c.filed_at, c.is_approved, c.reason, c.decided_by, c.decided_at,
       c.decided_by_account, c.decided_by_person
  from compensation.claim c join compensation.receipt r on r.sha256 = c.receipt;

create or replace view compensation.v_conversion as
select c.conversion_id, c.person_id, c.number, c.key, c.form, c.tax_class, c.asked_milli, c.amount_milli, c.units,
       c.currency, c.unit, c.rate_units, c.rate_milli, c.terms_id, c.window_name, c.requested_on, c.requested_by,
       c.requested_by_person, c.requested_at, c.lock_until, c.notice_days, s.number as step, s.state, s.by_name,
       s.by_person, s.at, s.reason, c.requested_by_account, s.by_account
  from compensation.conversion c
 cross join lateral (
    select number, state, by_name, by_person, at, reason, by_account
      from compensation.conversion_step where conversion_id = c.conversion_id order by number desc limit 1) s;

create or replace view compensation.v_conversion_step as
select conversion_id, number, state, by_name, by_person, at, reason, by_account from compensation.conversion_step;

create or replace view pricing.v_proposal as
select p.proposal_id, p.format, p.name, p.imported_by, p.imported_at, p.lines, p.skips, p.new_count, p.changed_count,
       p.same_count, p.outlier_count, p.content, d.is_approved, d.decided_by, d.decided_at, d.effective_from,
       d.accepted_outliers, p.imported_by_account, p.imported_by_person, d.decided_by_account, d.decided_by_person,
       coalesce(d.decided_alone, false) as decided_alone
  from pricing.proposal p left join pricing.decision d using (proposal_id);
