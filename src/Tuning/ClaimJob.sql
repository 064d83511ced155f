-- The job that has waited longest, put off for as long as asking for it may take: no other node asks meanwhile.
update gateway.tuning_job j
   set next_check_at = $2, checks = j.checks + 1
  from (select wallet_id, job_id
          from gateway.tuning_job
         where ended_at is null and next_check_at <= $1
         order by next_check_at
         limit 1
           for update skip locked) due
 where j.wallet_id = due.wallet_id and j.job_id = due.job_id
returning j.*
