-- What waits to be decided is found by an index, however much was decided before. The tables are small while nodes
-- serve: each index is built within seconds, during which nobody writes to its table.
create index claim_waiting on compensation.claim (filed_at) where is_approved is null;
create index tier_request_waiting on compensation.tier_request (asked_at) where decision is null;
create index conversion_lock on compensation.conversion (lock_until);
create index conversion_step_reversal on compensation.conversion_step (conversion_id) where state = 'reversal_asked';
create index grant_run_waiting on compensation.grant_run (prepared_at)
 where not rehearsal and reversed_at is null and (decision is null or reversal_by is not null);
create index reconciliation_of_provider on metering.reconciliation (provider, to_day);
