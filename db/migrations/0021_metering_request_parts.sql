-- What a request is made of where one model at one price is not all of it: runs of other models, uses of the provider's
-- tools, and counts that nobody knows a price of. The request's digest covers its parts, and its cost is theirs.
create table metering.request_part (
    wallet_id      uuid        not null,
    started_at     timestamptz not null,
    request_id     uuid        not null,
    part           smallint    not null check (part > 0),
    kind           smallint    not null check (kind between 1 and 3), -- 1 tokens, 2 uses of a tool, 3 not known
    name           text        not null, -- the model, tool or counter, as the answer names it
    price_id       uuid        not null,
    tool           smallint    check ((tool is not null) = (kind = 2)), -- see Stipend.Pricing.HostedTool
    uses           bigint      not null check (uses >= 0),
    doubts         smallint    not null check (doubts >= 0), -- see Stipend.Metering.Doubts; 0: the price covers it
    input          bigint      not null check (input >= 0),
    cached_input   bigint      not null check (cached_input >= 0),
    cache_write_5m bigint      not null check (cache_write_5m >= 0),
    cache_write_1h bigint      not null check (cache_write_1h >= 0),
    output         bigint      not null check (output >= 0),
    reasoning      bigint      not null check (reasoning between 0 and output),
    audio_input    bigint      not null,
    image_input    bigint      not null,
    audio_output   bigint      not null,
    image_output   bigint      not null,
    cost_femto     numeric     not null check (cost_femto >= 0), -- exact: millionths of a nano-USD
    primary key (wallet_id, started_at, request_id, part),
    check (audio_input >= 0 and image_input >= 0 and audio_input + image_input <= input
           and audio_output >= 0 and image_output >= 0 and audio_output + image_output <= output)
);
create index request_part_doubt on metering.request_part (started_at desc) where doubts <> 0;

create view metering.v_request_part as
select wallet_id, started_at, request_id, part, kind, name, price_id, tool, uses, doubts, input, cached_input,
       cache_write_5m, cache_write_1h, output, reasoning, audio_input, image_input, audio_output, image_output,
       cost_femto
  from metering.request_part;
