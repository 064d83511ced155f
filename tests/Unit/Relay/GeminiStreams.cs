using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Relay;

/// <summary>Gemini's streams in both forms: events, and the elements of an array.</summary>
internal static class GeminiStreams
{
    public static readonly SseStream[] All =
    [
        new("gemini with totals on the way", Spoken.Gemini, """
            data: {"candidates":[{"content":{"parts":[{"text":"Hm \"}\" ","thought":true}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":60,"totalTokenCount":104,"thoughtsTokenCount":4}}

            data: {"candidates":[{"content":{"parts":[{"text":"Hi"}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":100,"candidatesTokenCount":1,"thoughtsTokenCount":4}}

            data: {"candidates":[{"content":{"parts":[{"text":"!"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":100,"toolUsePromptTokenCount":20,"candidatesTokenCount":5,"totalTokenCount":129,"promptTokensDetails":[{"modality":"TEXT","tokenCount":100}],"thoughtsTokenCount":4}}


            """, [60, 60, 0, 0, 9, 4], false),
        new("gemini whose usage comes alone", Spoken.Gemini, """
            data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":1}}

            data: {"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":7,"thoughtsTokenCount":2},"modelVersion":"m"}


            """, [10, 0, 0, 0, 9, 2], false),
        new("gemini cut before its finish", Spoken.Gemini, """
            data: {"candidates":[{"content":{"parts":[{"text":"12345678"}]}}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":1}}

            data: {"candidates":[{"content":{"parts":[{"text":"1234","thoughtSignature":"AAAAAAAA"}]}}],"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":2}}

            data: {"candidates":[{"cont
            """, [10, 0, 0, 0, 3, 0], true),
        new("gemini that says nothing of usage", Spoken.Gemini, """
            data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"ab","args":{"x":"123456"}}}]},"finishReason":"STOP"}],"usageMetadata":null}


            """, [100, 0, 0, 0, 2, 0], true),
        new("gemini whose prompt is blocked", Spoken.Gemini, """
            data: {"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":12,"totalTokenCount":12}}


            """, [12, 0, 0, 0, 0, 0], false),
        new("gemini cut by an error", Spoken.Gemini, """
            data: {"candidates":[{"content":{"parts":[{"text":"12345678"}]}}],"usageMetadata":{"promptTokenCount":10}}

            data: {"error":{"code":503,"message":"Overloaded","status":"UNAVAILABLE"}}


            """, [10, 0, 0, 0, 2, 0], true),
        new("gemini array", Spoken.Gemini, """
            [{
              "candidates": [{"content": {"parts": [{"text": "a } ] , { [ \" \\"}], "role": "model"}, "index": 0}],
              "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10}
            }
            ,
            {
              "candidates": [{"content": {"parts": [{"text": "b"}]}, "finishReason": "STOP", "index": 0}],
              "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 5, "thoughtsTokenCount": 3}
            }
            ]

            """, [10, 0, 0, 0, 8, 3], false) { IsArray = true },
        new("gemini array whose usage comes alone", Spoken.Gemini, """
            [{"candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP"}]}
            ,
            {"usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5}}]
            """, [10, 0, 0, 0, 5, 0], false) { IsArray = true },
        new("gemini array cut in its last element", Spoken.Gemini, """
            [{"candidates":[{"content":{"parts":[{"text":"12345678"}]}}],"usageMetadata":{"promptTokenCount":10}}
            ,
            {"candidates":[{"content":{"parts":[{"te
            """, [10, 0, 0, 0, 2, 0], true) { IsArray = true },
        new("gemini array that is none", Spoken.Gemini, """
            {"promptFeedback":{"blockReason":"OTHER"},"usageMetadata":{"promptTokenCount":12}}
            """, [12, 0, 0, 0, 0, 0], false) { IsArray = true },
        new("gemini array of odd things", Spoken.Gemini, """
            }}[1,"a]b",[2],null,{"x":[{}]},
            {"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4}}]]}
            """, [3, 0, 0, 0, 4, 0], false) { IsArray = true },
    ];
}
