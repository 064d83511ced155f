using System.Text;
using Guerdon.Database.Gateway;
using Guerdon.Database.Host;

namespace Guerdon.Database.Cli;

/// <summary>Keys, policies, providers, and a wallet that is stopped.</summary>
internal static class GatewaySteps
{
    private const string Ann = PeopleSteps.Ann, Bob = PeopleSteps.Bob;

    public const string Chat = "/v1/chat/completions";

    public static async Task WalkAsync(VerbWalk walk)
    {
        var key = await CreateAsync(walk, PeopleSteps.Amara, "laptop");
        Assert.Equal(200, await walk.Server.CallAsync(key, Chat, Question("gpt-5-mini")));
        await walk.DoesAsync(Ann, $"key list --person {PeopleSteps.Amara}");
        await walk.DoesAsync(
            PeopleSteps.Amara, "key create --person me --name ci --models gpt-5-mini,gpt-5-nano --budget 50000.5"
                + " --expires 2026-12-31", sends: new("POST /api/v1/keys", """
                {"name": "ci", "models": ["gpt-5-mini", "gpt-5-nano"], "budgetMilli": 50000500,
                 "expiresAt": "2027-01-01T00:00:00+00:00"}
                """));
        var list = await walk.DoesAsync(PeopleSteps.Amara, "key list --person me");
        var id = list.Text("0", "id");
        await walk.DoesAsync(
            PeopleSteps.Amara, $"key revoke {id}", json: _ => $$"""{"id": "{{id}}", "revoked": true}""");

        var policy = RunningApp.Example("policy.yaml");
        var changes = await walk.DoesAsync(Ann, $"policy check {policy}");
        Assert.StartsWith("""
            What                          Is        Becomes
            max_body_bytes                none      8000000
            model qwen3.8-max             approved  refused: services.allow does not have it

            """, changes.Typed.Results, StringComparison.Ordinal);
        var yaml = await File.ReadAllTextAsync(policy, TestContext.Current.CancellationToken);
        var waits = await walk.DoesAsync(
            Ann, $"policy apply {policy}", sends: new("POST /api/v1/gateway-policy", Type: "text/yaml", Body: yaml));
        await PaySteps.ApproveAsync(walk, waits.Reply.GetProperty("waits"));
        var again = await walk.DoesAsync(Ann, $"policy apply {policy}");
        Assert.EndsWith("was applied before: nothing changed.\n", again.Typed.Results, StringComparison.Ordinal);
        await walk.DoesAsync(Ann, "policy show");
        await walk.DoesAsync(Ann, "policy show --version 1");
        await walk.DoesAsync(Ann, "gateway close \"Provider incident; back at noon.\"");
        await walk.DoesAsync(Ann, "policy show");
        var opens = await walk.DoesAsync(Ann, "gateway open");
        await PaySteps.ApproveAsync(walk, opens.Reply.GetProperty("waits"));
        await walk.DoesAsync(Ann, "gateway open"); // it was open
        await walk.DoesAsync(
            Ann, "policy apply - --from 2027-01-01T09:00Z", input: yaml + "# next year\n", sends: new(
                "POST /api/v1/gateway-policy?from=2027-01-01T09%3A00%3A00.0000000%2B00%3A00", Type: "text/yaml"),
            leaves: "policy.appliedAt");
        await WalkProvidersAsync(walk);
        await WalkStopsAsync(walk);
    }

    /// <summary>Makes a key; it stands alone on standard output.</summary>
    public static async Task<string> CreateAsync(VerbWalk walk, string person, string name)
    {
        var made = await walk.DoesAsync(person, $"key create --person me --name {name}");
        Assert.Equal(made.Text("key") + "\n", made.Typed.Results);
        Assert.DoesNotContain(made.Text("key"), made.Typed.Messages, StringComparison.Ordinal);
        return made.Text("key");
    }

    public static string Question(string model) =>
        $$"""{"model":"{{model}}","max_tokens":400,"messages":[{"role":"user","content":"Explain the plan."}]}""";

    private static async Task WalkProvidersAsync(VerbWalk walk)
    {
        const string url = "--base-url http://127.0.0.1:1";
        var set = await walk.DoesAsync(
            Ann, $"provider set spare --serves openai --weight 0 {url} --key-file -", input: "sk-0123456789\n");
        Assert.DoesNotContain("sk-0123456789", set.Typed.Results + set.Typed.Messages, StringComparison.Ordinal);
        await PaySteps.ApproveAsync(walk, set.Reply.GetProperty("waits"));
        set = await walk.DoesAsync(Ann, "provider set spare --key-file -", input: "sk-0123456780\n"); // a key, at once
        var key = Typed.File("new.key", "sk-9876543210\n");
        Assert.Equal("""
            Provider spare is set, on every node (version 2).
            Key       (fc3a3b55bd09)

            """, set.Typed.Results);
        var rotated = await walk.DoesAsync(Ann, $"provider rotate spare --key-file {key} --grace 2");
        Assert.Equal("""
            Provider spare is called with the new key, on every node (version 3).
            Key       (a4faf51fdcdd)
            Second    (fc3a3b55bd09) until 2026-11-20 12:00 UTC

            """, rotated.Typed.Results);
        await walk.DoesAsync(Ann, "provider list");
        await walk.DoesAsync(Ann, "provider rotate spare --retire");
        await walk.DoesAsync(Ann, "provider remove spare");
    }

    // An answer that is dearer than all that was held for it, of a wallet that cannot pay.
    private static async Task WalkStopsAsync(VerbWalk walk)
    {
        var body = Encoding.UTF8.GetBytes("""
            {"type":"message","model":"claude-haiku-4-5","content":[],
             "usage":{"input_tokens":10,"output_tokens":400000}}
            """);
        walk.Server.Anthropic.Answer = async (to, ct) =>
        {
            await to.WriteAsync(RawProvider.Head(body.Length), ct);
            await to.WriteAsync(body, ct);
        };
        await walk.Server.FundAsync(PeopleSteps.Bruno, tokens: 10_000);
        var key = await CreateAsync(walk, PeopleSteps.Bruno, "laptop");
        await walk.Server.CallAsync(key, "/v1/messages", Question("claude-haiku-4-5"));
        await walk.Server.StoppedAsync();
        var stops = await walk.DoesAsync(Ann, "gateway stops");
        await walk.DoesAsync(
            Bob, $"gateway clear {stops.Text("stops", "0", "wallet")} {stops.Text("stops", "0", "request")}");
        await walk.DoesAsync(Ann, "gateway stops");
    }
}
