using System.Text.Json;
using Guerdon.Database.Host;
using Guerdon.Tests;

namespace Guerdon.Database.Cli;

/// <summary>Payroll, conversions, claims, and what people are told of them.</summary>
internal static class PaySteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob, Amara = PeopleSteps.Amara;

    public static async Task WalkAsync(VerbWalk walk)
    {
        var payroll = RunningApp.Example("payroll.yaml");
        await walk.DoesAsync(Ann, $"payroll check {payroll}");
        var settings = (await walk.DoesAsync(Ann, $"payroll apply {payroll}")).Reply.GetProperty("waits");
        await ApproveAsync(walk, settings);
        var again = await walk.DoesAsync(Ann, $"payroll apply {payroll}");
        Assert.Contains("nothing changed", again.Typed.Results, StringComparison.Ordinal);
        var terms = RunningApp.Example("conversion.yaml");
        await walk.DoesAsync(Ann, $"convert terms check {terms}");
        var first = (await walk.DoesAsync(Ann, $"convert terms apply {terms}")).Reply.GetProperty("waits");
        await walk.DoesAsync(Ann, $"approvals decline {first.GetProperty("id").GetString()}");
        var second = (await walk.DoesAsync(Ann, $"convert terms apply {terms}")).Reply.GetProperty("waits");
        await walk.DoesAsync(Bob, "approvals list");
        await ApproveAsync(walk, second);
        await walk.DoesAsync(Ann, "convert terms list");
        await WalkConversionsAsync(walk);
        await WalkClaimsAsync(walk);

        await walk.DoesAsync(Amara, "pay lines");
        var lines = await walk.DoesAsync(Ann, "pay lines --all --from 2026-12-01 --to 2026-12-31");
        var line = lines.Reply.GetProperty("payLines").EnumerateArray()
            .First(l => l.GetProperty("kind").GetString() == "conversion").GetProperty("id").GetString();
        await walk.DoesAsync(Ann, $"pay lines {line}");
        await walk.DoesAsync(Amara, "notices");
        await walk.DoesAsync(Amara, "notices --seen", json: exchanges => exchanges[0].Text);
        await walk.DoesAsync(Amara, "notice choices");
        await walk.DoesAsync(Amara, "notice choose grant off");
        await walk.DoesAsync(Ann, "notice deliveries");
        await walk.DoesAsync(Ann, "notice again", leaves: "count");
        await walk.DoesAsync(Ann, "gl accruals");
        await OfferSteps.SavesAsync(
            walk, Ann, "gl export --format hledger --from 2026-11-01 --until 2026-11-30", "november.journal");
        await OfferSteps.SavesAsync(walk, Ann, "payroll export --layout plain --period 2026-11", "plain.csv");
        await OfferSteps.SavesAsync(walk, Ann, $"payroll statement {Amara} --period 2026-11", "statement.pdf");
        await OfferSteps.SavesAsync(walk, Amara, "payroll statement me", "statement.csv");
        await OfferSteps.SavesAsync(walk, Ann, $"payroll rewards {Amara} --year 2026", "rewards.pdf");
        await walk.DoesAsync(Amara, "wallet me");
        walk.Reads(await walk.DoesAsync(Ann, $"wallet {Amara}"), """
            Amara Okafor (amara.okafor@example.com)

                            USD             Tokens
            Available  5,781.25  5,781,250,000.001
            In escrow      0.00                  0
            Spent          0.00                  0
            Expired        0.00                  0

            5,781.25 USD to spend: 5,781,250,000.001 tokens at 1.00 USD a million tokens.

            Lot  Grant                                          Tax class     Granted on  Expires on  Granted USD  \
            Left USD            Granted          Available  Escrow  Spent  Expired
              1  Allowance, November 2026, plan allowance-full  work_compute  2026-11-20  2027-01-31     5,781.25  \
            5,781.25  5,781,250,000.001  5,781,250,000.001       0      0        0

            Reward tokens
                                           USD       Tokens
            Free to convert             400.00  400,000,000
            Set aside for a conversion    0.00            0
            To vest                       0.00            0
            Converted                     0.00            0
            Expired                       0.00            0

            Lot  Grant                                                   Tax class         Expires on  Granted USD \
             Free USD      Granted         Free  Set aside  To vest  Converted  Expired
              2  star (performance), November 2026, plan allowance-full  convertible_cash                   400.00 \
               400.00  400,000,000  400,000,000          0        0          0        0

            """);
    }

    /// <summary>Lets another administrator look at what waits, and approve it.</summary>
    public static async Task ApproveAsync(VerbWalk walk, JsonElement waits)
    {
        var (id, digest) = (waits.GetProperty("id").GetString(), waits.GetProperty("digest").GetString());
        await walk.DoesAsync(Bob, $"approvals show {id}");
        await walk.DoesAsync(Bob, $"approvals approve {id} --digest {digest}", sends: new(
            $"POST /api/v1/inputs/{id}/approve", $$"""{"digest": "{{digest}}", "alone": false}"""));
    }

    private static async Task WalkConversionsAsync(VerbWalk walk)
    {
        await walk.DoesAsync(Amara, "convert quote cash 20000000", sends: new(
            "POST /api/v1/people/me/conversions/quote", """{"form": "cash", "tokensMilli": 20000000000}"""));
        var first = await RequestAsync(walk, "first");
        await walk.DoesAsync(Amara, "convert list");
        await walk.DoesAsync(Ann, "convert list --all --state locked");
        await walk.DoesAsync(Amara, $"convert withdraw {first}");
        var second = await RequestAsync(walk, "second");
        await walk.DoesAsync(Bob, $"convert decline {second} --reason \"Ask again in spring.\"");
        var third = await RequestAsync(walk, "third");
        await walk.DoesAsync(Bob, $"convert approve {third}");
        var twice = await walk.DoesAsync(Bob, $"convert approve {third}");
        Assert.StartsWith($"{third} was already ", twice.Typed.Results, StringComparison.Ordinal);
        var asked = await walk.DoesAsync(Ann, $"convert reverse {third} --reason \"It was paid twice.\"");
        var step = asked.Text("conversion", "step");
        await walk.DoesAsync(Bob, $"convert reverse {third} --decline --step {step}");
        asked = await walk.DoesAsync(Ann, $"convert reverse {third} --reason \"It was paid twice after all.\"");
        step = asked.Text("conversion", "step");
        var reversed = await walk.DoesAsync(Bob, $"convert reverse {third} --approve --step {step}", sends: new(
            $"POST /api/v1/conversions/{third}/reversal/approve", $$"""{"step": {{step}} }"""));
        Assert.StartsWith($"{third} is reversed: ", reversed.Typed.Results, StringComparison.Ordinal);
        await walk.DoesAsync(Ann, "convert list --all");
    }

    private static async Task<string> RequestAsync(VerbWalk walk, string key) =>
        (await walk.DoesAsync(Amara, $"convert request cash 20000000 --key {key}")).Text("conversion", "id");

    private static async Task WalkClaimsAsync(VerbWalk walk)
    {
        var first = await FileAsync(walk, "first");
        var second = await FileAsync(walk, "second");
        await walk.DoesAsync(Amara, "claim list");
        await walk.DoesAsync(Ann, "claim list --all --open");
        var saved = Path.Combine(TestHome.New(), "receipt.pdf");
        await walk.DoesAsync(Ann, $"claim receipt {first} {saved}", json: exchanges =>
        {
            File.Delete(saved); // it replaces nothing, and is asked for once more
            return $$"""{"path": "{{saved}}", "bytes": {{exchanges[^1].Reply.Length}}}""";
        });
        Assert.Equal("%PDF-1.7 first", await File.ReadAllTextAsync(saved, TestContext.Current.CancellationToken));
        await walk.DoesAsync(Ann, $"claim approve {first}");
        var twice = await walk.DoesAsync(Ann, $"claim approve {first}");
        Assert.StartsWith($"{first} was already ", twice.Typed.Results, StringComparison.Ordinal);
        await walk.DoesAsync(Ann, $"claim decline {second} --reason \"The receipt is of another month.\"");
    }

    private static async Task<string> FileAsync(VerbWalk walk, string receipt)
    {
        var file = Typed.File($"{receipt}.pdf", $"%PDF-1.7 {receipt}");
        return (await walk.DoesAsync(
            Amara, $"claim file {file} --vendor OpenAI --service \"ChatGPT Plus\" --on 2026-11-02 --amount 20.00"
                + " --currency USD --purpose \"Drafts for the launch\"")).Text("claim", "id");
    }
}
