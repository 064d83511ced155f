using System.Buffers;
using System.Text;
using Guerdon.Bounds.Edits;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects.Calls;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Policies;
using Guerdon.Pricing.Costing;

namespace Guerdon.Unit.Dialects;

/// <summary>Values that the gateway's tests share.</summary>
internal static class Make
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    public static Price Price(
        string provider = "openai", string model = "gpt-6-sol", long window = 400_000, long most = 64_000) =>
        new(Guid.Empty, model, provider, DateTimeOffset.UnixEpoch,
            new Rates(2_000_000_000, 200_000_000, 2_500_000_000, 4_000_000_000, 10_000_000_000), null, null,
            window, most, Usd.Zero, "test");

    public static CallFacts Call(Api api, string body)
    {
        var result = CallReader.Read(api, Utf8(body), ReadingRules.None);
        Assert.True(result.Is(out var facts, out var refused), refused?.ToString());
        return facts;
    }

    public static Refused Refused(Api api, string body)
    {
        Assert.False(CallReader.Read(api, Utf8(body), ReadingRules.None).Is(out _, out var refused));
        return refused;
    }

    public static Result<RateTicket> Take(
        this RateCounters counters, IReadOnlyList<RateRule> rules, WalletId wallet, string model, Price price,
        long tokens) =>
        counters.Take(rules, wallet, [new PlannedModel(model, price, default)], tokens);

    public static string Apply(string body, Edit[] edits)
    {
        var from = 0;
        var bytes = Utf8(body);
        var sent = new ArrayBufferWriter<byte>();
        foreach (var edit in edits)
        {
            sent.Write(bytes.AsSpan(from, edit.Offset - from));
            sent.Write(edit.Inserted);
            from = edit.Offset + edit.Removed;
        }

        sent.Write(bytes.AsSpan(from));
        Assert.Equal(BodySplice.Length(bytes.Length, edits), sent.WrittenCount);
        return Text(sent.WrittenSpan);
    }
}
