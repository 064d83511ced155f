using Guerdon.Dialects.Calls;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Relay;

/// <summary>
/// Streams as providers send them, with what they come to. Lines end in LF; tests also turn them round.
/// </summary>
internal sealed record SseStream(string Name, Dialect Dialect, string Text, long[] Usage, bool IsEstimate)
{
    public bool IsArray { get; init; }

    public static readonly SseStream[] All =
    [
        new("chat with usage", Spoken.OpenAi, """
            data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"usage":null}

            data: {"id":"c","choices":[{"index":0,"delta":{"content":"Hi \n\u00e9 \"usage\""}}],"usage":null}

            : keep-alive

            data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

            data: {"id":"c","choices":[],"usage":{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":60},"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":4}}}

            data: [DONE]


            """, [40, 60, 0, 0, 9, 4], false),
        new("chat whose first chunk has no choices", Spoken.OpenAi, """
            data: {"choices":[],"prompt_filter_results":[{"prompt_index":0}]}

            data: {"choices":[{"delta":{"content":"Hi"}}]}

            data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":1}}

            data: [DONE]


            """, [10, 0, 0, 0, 1, 0], false),
        new("chat with running totals on every chunk", Spoken.OpenAi, """
            data: {"choices":[{"delta":{"content":"Hi"}}],"usage":{"prompt_tokens":10,"completion_tokens":1}}

            data: {"choices":[{"delta":{"content":"Ho"}}],"usage":{"prompt_tokens":10,"completion_tokens":2}}

            data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":3}}

            data: [DONE]


            """, [10, 0, 0, 0, 3, 0], false),
        new("chat with two usage chunks", Spoken.OpenAi, """
            data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":1}}

            data: {"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5}}

            data: [DONE]


            """, [10, 0, 0, 0, 5, 0], false),
        new("chat cut before its usage", Spoken.OpenAi, """
            data: {"choices":[{"delta":{"content":"12345678"}}]}

            data: {"choices":[{"delta":{"tool_calls":[{"id":"call_1","type":"function","function":{"name":"ab","arguments":"{1}"}}]}}]}

            data: {"choices":[{"delta":{"cont
            """, [100, 0, 0, 0, 4, 0], true),
        new("chat that says nothing of usage", Spoken.OpenAi, """
            data: {"choices":[{"delta":{"reasoning_content":"1234"}}]}

            data: {"choices":[{"delta":{"content":"1"}}]}

            data: [DONE]


            """, [100, 0, 0, 0, 2, 0], true),
        new("responses completed", Spoken.OpenAi, Responses("completed"), [36, 0, 0, 0, 87, 64], false),
        new("responses incomplete", Spoken.OpenAi, Responses("incomplete"), [36, 0, 0, 0, 87, 64], false),
        new("responses failed", Spoken.OpenAi, Responses("failed"), [36, 0, 0, 0, 87, 64], false),
        new("responses failed without usage", Spoken.OpenAi, """
            event: response.created
            data: {"type":"response.created","response":{"id":"r","usage":null}}

            event: response.output_text.delta
            data: {"type":"response.output_text.delta","delta":"12345"}

            event: response.failed
            data: {"type":"response.failed","response":{"id":"r","usage":null,"error":{"code":"server_error"}}}


            """, [100, 0, 0, 0, 2, 0], true),
        new("messages", Spoken.Anthropic, """
            event: message_start
            data: {"type":"message_start","message":{"id":"m","usage":{"input_tokens":25,"cache_creation_input_tokens":30,"cache_read_input_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":8}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

            event: ping
            data: {"type": "ping"}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello"}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":null},"usage":{"output_tokens":10}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}


            """, [25, 7, 10, 20, 15, 0], false),
        new("messages whose input comes at the end", Spoken.Anthropic, """
            event: message_start
            data: {"type":"message_start","message":{"usage":{"input_tokens":0,"output_tokens":0}}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":40,"cache_read_input_tokens":60,"output_tokens":15}}

            event: message_delta
            data: {"type":"message_delta","delta":{}}

            event: message_stop
            data: {"type":"message_stop"}


            """, [40, 60, 0, 0, 15, 0], false),
        new("messages that end in zeros", Spoken.Anthropic, """
            event: message_start
            data: {"type":"message_start","message":{"usage":{"input_tokens":40,"cache_read_input_tokens":60,"output_tokens":1}}}

            event: message_delta
            data: {"type":"message_delta","delta":{},"usage":{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":15}}

            event: message_stop
            data: {"type":"message_stop"}


            """, [40, 60, 0, 0, 15, 0], false),
        new("messages that count input again", Spoken.Anthropic, """
            event: message_start
            data: {"type":"message_start","message":{"usage":{"input_tokens":100,"cache_read_input_tokens":0,"output_tokens":1}}}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":0,"cache_read_input_tokens":100,"output_tokens":15}}


            """, [0, 100, 0, 0, 15, 0], false),
        new("messages cut by an error", Spoken.Anthropic, """
            event: message_start
            data: {"type":"message_start","message":{"usage":{"input_tokens":25,"output_tokens":1}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"123456789"}}

            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}


            """, [25, 0, 0, 0, 3, 0], true),
        new("data on many lines, odd fields, no spaces", Spoken.OpenAi, """
            retry:10
            data
            id:7
            event: response.completed
            data:{"type":
            data: "response.completed",
            data:"response":{"usage":{"input_tokens":5,
            data: "output_tokens":6}}}


            """, [5, 0, 0, 0, 6, 0], false),
        new("events that are not JSON", Spoken.OpenAi, """
            data: hello

            data: {"usage":{"prompt_tokens":9000

            data: [1]

            data: {"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":6}}

            data: [DONE]


            """, [5, 0, 0, 0, 6, 0], false),
        .. GeminiStreams.All,
    ];

    private static string Responses(string end) => $$$$"""
        event: response.created
        data: {"type":"response.created","sequence_number":0,"response":{"id":"r","usage":null}}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","delta":"Hi"}

        event: response.{{{{end}}}}
        data: {"response":{"id":"r","output":[{"usage":{"input_tokens":1}}],"usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":0},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64}}},"type":"response.{{{{end}}}}"}


        """;
}
