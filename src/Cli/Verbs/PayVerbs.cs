using System.CommandLine;
using System.Text.Json;
using Guerdon.Cli.Parsing;
using Guerdon.Cli.Server;
using Guerdon.Cli.Terminal;
using Guerdon.Kernel;

namespace Guerdon.Cli.Verbs;

/// <summary>What the verbs of conversion and claims share.</summary>
internal static class PayVerbs
{
    /// <summary>Why, as the server's decisions want it.</summary>
    internal sealed record Decision(string Reason);

    /// <summary>Which step of a conversion is decided.</summary>
    internal sealed record OnStep(int? Step);

    /// <summary>A column of a list: what stands above it, and which property is below.</summary>
    internal readonly record struct Column(string Heading, string Property, bool IsNumber = false);

    public static Argument<string> Conversion() => Values.Id("CONVERSION", "cnv", "guerdon convert list");

    public static Argument<string> Claim() => Values.Id("CLAIM", "clm", "guerdon claim list");

    public static Option<string> Why(string description) =>
        new("--reason") { Description = description, HelpName = "TEXT", Required = true };

    public static Option<string?> Of() =>
        new("--person") { Description = "An e-mail address or id; left out: you.", HelpName = "PERSON" };

    /// <summary>Tokens as people write them, up to three decimals.</summary>
    public static Argument<string> Tokens()
    {
        var tokens = new Argument<string>("TOKENS") { Description = "How many reward tokens, such as 5000 or 12.5." };
        tokens.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (!Decimals.TryParse(text, 3, out var milli) || milli < 1)
                result.AddError($"'{text}' is not a number of tokens: write it as 5000 or 12.5.");
        });
        return tokens;
    }

    public static Argument<string> Form()
    {
        var form = new Argument<string>("FORM") { Description = "cash, time_off or equity." };
        form.AcceptOnlyFromAmong("cash", "time_off", "equity");
        return form;
    }

    public static long Milli(string tokens) => Decimals.TryParse(tokens, 3, out var milli) ? milli : 0;

    /// <summary>The address of what is a person's, the caller's own where nobody is named.</summary>
    public static string PathOf(string? person, string what) =>
        $"api/v1/people/{Uri.EscapeDataString(person ?? "me")}/{what}";

    /// <summary>Posts a decision, with the reason where it has one, and shows what became of the thing.</summary>
    public static async Task<int> DecideAsync(
        Call call, string doing, string address, string? reason, string what, CancellationToken ct) =>
        Show(call, what, reason is null
            ? await call.PostAsync(doing, address, ct)
            : await call.PostAsync(doing, address, new Decision(reason), CliJson.Default.PayVerbsDecision, ct));

    /// <summary>Shows a conversion or a claim after a decision: its id, its state, and what it pays.</summary>
    public static int Show(Call call, string what, Answer answer) => call.Show(answer, reply =>
    {
        var thing = reply.GetProperty(what);
        var said = reply.TryGetProperty("done", out var done) && done.ValueKind == JsonValueKind.False
            ? "was already" : "is";
        call.Output.Line(
            $"{Text(thing, "id")} {said} {Text(thing, "state").Replace('_', ' ')}: {Text(thing, "pays")}.");
    });

    /// <summary>Shows a list, or that there is nothing in it.</summary>
    public static void List(
        Output output, JsonElement reply, string name, string none, params ReadOnlySpan<Column> columns)
    {
        var list = reply.GetProperty(name);
        if (list.GetArrayLength() == 0)
        {
            output.Note(none);
            return;
        }

        var table = new TextTable();
        foreach (var column in columns)
        {
            if (column.IsNumber) table.Right(column.Heading);
            else table.Left(column.Heading);
        }

        foreach (var row in list.EnumerateArray())
        {
            var cells = new string[columns.Length];
            for (var i = 0; i < cells.Length; i++) cells[i] = Text(row, columns[i].Property);
            table.Row(cells);
        }

        output.Table(table);
    }

    /// <summary>A property as people read it; empty where it is not there.</summary>
    public static string Text(JsonElement row, string property) =>
        row.TryGetProperty(property, out var value) ? Sheet.Text(property, value) : "";
}
