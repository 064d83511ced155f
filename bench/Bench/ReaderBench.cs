using System.Diagnostics;
using System.Text;
using Guerdon.Dialects.Anthropic;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.OpenAi;

namespace Guerdon.Bench;

/// <summary>How long reading a request's body takes, which every call waits for, and how much memory.</summary>
internal static class ReaderBench
{
    private const int Rounds = 9; // of which the fastest counts: on a shared machine the others measure the neighbours

    public static int Run(bool quick)
    {
        Console.WriteLine("body                     bytes   µs a body   MB/s   bytes allocated");
        Measure("chat, 2 KB", OpenAiApis.Chat, Chat(), quick ? 2_000 : 20_000);
        Measure("messages with 24 tools", AnthropicApis.Messages, Messages(), quick ? 100 : 1_000);
        return 0;
    }

    private static void Measure(string name, Api api, byte[] body, int times)
    {
        var (best, allocated) = (double.MaxValue, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var since = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
                if (!Read(api, body)) throw new InvalidOperationException($"{name} is refused.");
            best = Math.Min(best, Stopwatch.GetElapsedTime(since).TotalMicroseconds / times);
            allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / times;
        }

        Console.WriteLine($"{name,-22} {body.Length,7} {best,11:F1} {body.Length / best,6:F0} {allocated,9}");
    }

    private static bool Read(Api api, byte[] body) => CallReader.Read(api, body, ReadingRules.None).Refused is null;

    private static byte[] Chat() => Encoding.UTF8.GetBytes("""
        {"model":"gpt-5-mini","max_completion_tokens":256,"stream":true,"stream_options":{"include_usage":true},
         "messages":[{"role":"system","content":"You are brief."},{"role":"user","content":"X"}]}
        """.Replace("X", new string('x', 1_800), StringComparison.Ordinal));

    // As large as what a coding agent sends first, and as full of names.
    private static byte[] Messages()
    {
        var words = string.Concat(Enumerable.Repeat("Reads a file\\n from the disk. ", 110));
        var property = """{"type":"string","description":"A path, absolute.","enum":["a","b"]}""";
        var properties = string.Join(',', Enumerable.Range(0, 12).Select(i => $"\"p{i}\":{property}"));
        var tool = $$$"""
            {"name":"T","description":"{{{words}}}",
             "input_schema":{"type":"object","properties":{ {{{properties}}} } } }
            """;
        return Encoding.UTF8.GetBytes($$$"""
            {"model":"claude-sonnet-5","max_tokens":32000,"stream":true,"thinking":{"type":"adaptive"},
             "tools":[{{{string.Join(',', Enumerable.Repeat(tool, 24))}}}],
             "system":[{"type":"text","text":"{{{words}}}","cache_control":{"type":"ephemeral"}}],
             "messages":[{"role":"user","content":[{"type":"text","text":"{{{words}}}"}]}]}
            """);
    }
}
