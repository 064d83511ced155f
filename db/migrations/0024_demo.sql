-- Accounts that `stipend demo` made. It gives new passwords to these alone, and runs in no database with others.
create table host.demo_account (
    account_id uuid primary key references host.account
);
