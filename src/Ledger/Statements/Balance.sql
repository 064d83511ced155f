select coalesce(sum(
           case when e.to_account = any (@accounts) then e.amount_milli else 0 end
         - case when e.from_account = any (@accounts) then e.amount_milli else 0 end), 0)::bigint
  from ledger.entry e
 where e.wallet_id = @wallet and e.asset = @asset and e.at < @to;
