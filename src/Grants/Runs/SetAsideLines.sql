-- One person's lines of a run go to another run. They keep their numbers and chunks, so that both runs together are
-- what was approved.
update compensation.grant_line set run_id = $2 where run_id = $1 and person_id = $3
