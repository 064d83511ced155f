using System.Globalization;
using Guerdon.Client;
using Guerdon.Kernel;
using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Cli.Usage;

/// <summary><c>guerdon overview</c>: the programme in numbers.</summary>
internal static class ShowOverview
{
    private const int DaysShown = 31;

    internal sealed record Reply(
        long People, long Wallets, long GrantedMilli, long? AvailableMilli, long? EscrowMilli, long? SpentMilli,
        long? ExpiredMilli, long? Requests, long? ActivePeople, IReadOnlyList<ModelLine> ByModel,
        IReadOnlyList<DayLine> ByDay, long TokenValueNanos, DateOnly? Month = null, int? Hidden = null);

    internal sealed record ModelLine(
        string Model, long Requests, long Input, long Output, long CostNanos, long ChargedMilli);

    internal sealed record DayLine(DateOnly Day, long Requests, long ChargedMilli);

    public static Verb Build() =>
        new Verb("overview", "Show the whole programme in numbers.", "guerdon overview", "guerdon overview --json")
            .Does(async (call, ct) => call.Show(
                await call.GetAsync("Reading the overview", "api/v1/overview", ct),
                UsageJson.Default.ShowOverviewReply, reply => Show(call.Output, reply)));

    private static int Show(Output output, Reply reply)
    {
        var active = reply is { ActivePeople: { } people, Requests: { } requests }
            ? $", {people:#,0} active in {Span(reply)} with {Wording.Count(requests, "request")}" : "";
        output.Line($"{Wording.Count(reply.People, "person", "people")}, {reply.Wallets:#,0} with a wallet{active}.");
        if (reply.Month is not null)
            output.Note("Works-council mode: sums of a month, of five people and more. "
                + $"{Wording.Count(reply.Hidden ?? 0, "team or model", "teams and models")} hidden.");
        output.Line();
        var standing = new TextTable().Left("").Right("USD").Right("Tokens");
        Row("Granted", reply.GrantedMilli);
        Row("Available", reply.AvailableMilli);
        Row("In escrow", reply.EscrowMilli);
        Row("Spent", reply.SpentMilli);
        Row("Expired", reply.ExpiredMilli);
        output.Table(standing);
        output.Line($"At {Shown.Rate(reply.TokenValueNanos)}.");
        if (reply.ByModel.Count > 0) Models(output, reply);
        if (reply.ByDay.Count > 0) Days(output, reply);
        return ExitCodes.Done;

        void Row(string what, long? milli)
        {
            if (milli is { } known)
                standing.Row(what, Shown.Worth(known, reply.TokenValueNanos), Shown.Tokens(known));
        }
    }

    private static string Span(Reply reply) => reply.Month is { } month
        ? month.ToString("MMMM yyyy", CultureInfo.InvariantCulture) : "the last 30 days";

    private static void Models(Output output, Reply reply)
    {
        output.Line();
        output.Line($"By model, {Span(reply)}");
        var table = new TextTable().Left("Model").Right("Requests").Right("Input").Right("Output").Right("Cost USD")
            .Right("Charged USD").Right("Charged tokens");
        foreach (var m in reply.ByModel)
            table.Row(
                m.Model, $"{m.Requests:#,0}", $"{m.Input:#,0}", $"{m.Output:#,0}", Shown.Usd(m.CostNanos),
                Shown.Worth(m.ChargedMilli, reply.TokenValueNanos), Shown.Tokens(m.ChargedMilli));
        output.Table(table);
    }

    private static void Days(Output output, Reply reply)
    {
        output.Line();
        output.Line("By day");
        var table = new TextTable().Left("Day").Right("Requests").Right("Charged USD").Right("Charged tokens");
        foreach (var d in reply.ByDay.TakeLast(DaysShown))
            table.Row(
                Shown.Day(d.Day), $"{d.Requests:#,0}", Shown.Worth(d.ChargedMilli, reply.TokenValueNanos),
                Shown.Tokens(d.ChargedMilli));
        output.Table(table);
    }
}
