-- Forms of the pages that were sent, each once; see docs/adr/0034-forms.md. Nothing here outlives two days, and nothing
-- rests on it: it is not guarded.
create schema web;

create table web.form_turn (
    turn_id bytea primary key check (length(turn_id) = 32),
    account_id uuid not null,
    taken_at timestamptz not null,
    ends_at timestamptz not null,
    answered_at timestamptz,
    goes_to text,
    answer bytea,
    check ((answered_at is null) = (goes_to is null)),
    check (answer is null or answered_at is not null)
);

comment on column web.form_turn.turn_id is 'SHA-256 of the token and the form''s name.';
comment on column web.form_turn.goes_to is 'Where the browser was sent. Null: the work is not over, or was cut off.';
comment on column web.form_turn.answer is
    'The page to be fetched once, sealed with a key that only the browser has. Null: fetched, faded, or none.';

create index form_turn_ends on web.form_turn (ends_at);
create index form_turn_account on web.form_turn (account_id, ends_at);
create index form_turn_answer on web.form_turn (answered_at) where answer is not null;
