-- A transfer between wallets whose two sides differ, or that has only one.
select e.transfer_id
  from ledger.entry e
 where e.other_wallet is not null
 group by e.transfer_id
having sum(case when e.to_account = ledger.account_elsewhere() then e.amount_milli else -e.amount_milli end) <> 0
    or count(distinct case when e.to_account = ledger.account_elsewhere()
                           then e.wallet_id else e.other_wallet end) <> 1;
