using System.ComponentModel;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Guerdon.Bounds.Edits;
using Guerdon.Bounds.Plans;
using Guerdon.Dialects;
using Guerdon.Dialects.Calls;
using Guerdon.Dialects.Known;
using Guerdon.Dialects.Readings;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Guerdon.Providers;
using Guerdon.Relay.Answers;
using Guerdon.Relay.Callers;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Unit.Dialects;

/// <summary>
/// Every dialect of the list answers everything that the gateway asks of one: a new dialect is here by its line in
/// <see cref="KnownDialects"/>, and fails where it leaves something out.
/// </summary>
public sealed class KnownDialectsTests
{
    private static readonly Refused Refused = DialectRefusals.MalformedBody.With("It is \"so\" — <b>.") with
    {
        RetryAfter = TimeSpan.FromSeconds(2),
    };

    public static TheoryData<string> Names => [.. KnownDialects.All.Select(dialect => dialect.Name)];

    // A theory without a row fails, so that none of these walks can find nothing.
    public static TheoryData<string> Calls => CallsThat(_ => true);

    public static TheoryData<string> CallsThatNameTheModel => CallsThat(api => api.NamesModel);

    public static TheoryData<string> CallsWithACap => CallsThat(api => api.CapName is not null);

    public static TheoryData<string> CallsThatCost => CallsThat(api => !api.IsFree);

    private static TheoryData<string> CallsThat(Func<Api, bool> has) =>
        [.. Apis.All.Where(has).Select(api => api.Name)];

    [Fact]
    public void Lists_HaveWhatIsKnown()
    {
        Assert.Equal(["OpenAi", "Anthropic", "Gemini"], KnownDialects.All.Select(dialect => dialect.Name));
        Assert.Equal([5, 2, 4], KnownDialects.All.Select(dialect => dialect.Apis.Count));
        Assert.All(KnownDialects.All, dialect => Assert.NotEmpty(dialect.Roots));
        Assert.All(KnownDialects.All, dialect => Assert.NotEmpty(dialect.CallerKeyHeaders));
    }

    // What 'hosted_tools: none' refuses: a name that is not here can be used by every call.
    [Fact]
    public void Tools_OfAllProviders_HaveTenNames() => Assert.Equal(
        [
            "web_search", "file_search", "code_execution", "image_generation", "mcp", "tool_search", "web_fetch",
            "advisor", "maps", "url_context",
        ],
        KnownDialects.ToolNames);

    [Fact]
    public void Names_AndPaths_AreOfOneDialectEach()
    {
        Assert.Distinct(KnownDialects.All.Select(dialect => dialect.Name), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(Apis.All.Select(api => api.Name), StringComparer.OrdinalIgnoreCase);
        Assert.Distinct(Apis.All.Select(api => api.Path), StringComparer.OrdinalIgnoreCase);
        Assert.All(KnownDialects.All, dialect => Assert.All(dialect.Apis, api => Assert.Same(dialect, api.Dialect)));
        Assert.Equal("OpenAi, Anthropic or Gemini", KnownDialects.Names);
    }

    [Theory, MemberData(nameof(Names))]
    public void Name_InSettings_IsTheDialect(string name)
    {
        DialectConverter.Register();
        var converter = TypeDescriptor.GetConverter(typeof(Dialect));
        Assert.Same((Dialect)new DialectName(name), converter.ConvertFromInvariantString(name.ToUpperInvariant()));
        Assert.Throws<FormatException>(() => converter.ConvertFromInvariantString(name + "x"));
    }

    [Theory, MemberData(nameof(Calls))]
    public void Path_IsBelowARoot_OfTheDialect(string name)
    {
        Api api = new ApiName(name);
        Assert.Contains(api.Dialect.Roots, root => api.Path.StartsWith(root + "/", StringComparison.Ordinal));
        Assert.Same(api.Dialect, KnownDialects.Of(Request(api.PathOf("m"))));
    }

    // Whoever looks for a free one, which counts tokens, finds it beside the others.
    [Theory, MemberData(nameof(CallsThatCost))]
    public void Path_IsNamedWhereOthersAreRefused(string name)
    {
        Api api = new ApiName(name);
        var said = api.NamesModel ? api.Path.Split(':', '?')[1] : api.Path;
        Assert.Contains(said, DialectRefusals.PathNotServed.NextStep, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(CallsThatNameTheModel))]
    public void Path_ThatNamesTheModel_IsRead(string name)
    {
        Api api = new ApiName(name);
        var request = Request(api.PathOf("m-1"));
        var read = api.Dialect.ReadPath(request, request.Path.Value!.Split('/')[^1]);
        Assert.Equal(new PathCall(api, "m-1"), read.ValueOrDefault);
        Assert.Contains(api.Dialect.CallRoutes, route => api.Path.StartsWith(
            route[..route.IndexOf('{', StringComparison.Ordinal)], StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Names))]
    public void Routes_OfModels_AreBelowARoot_AndAskedWithTheCompanysKey(string name)
    {
        Dialect dialect = new DialectName(name);
        Assert.All([dialect.ModelsRoute, dialect.ModelRoute, dialect.ProbePath], path =>
            Assert.Contains(dialect.Roots, root => path.StartsWith(root + "/", StringComparison.Ordinal)));
        Assert.Contains("id}", dialect.ModelRoute, StringComparison.Ordinal);
        Assert.EndsWith("secret", dialect.Credentials("secret"), StringComparison.Ordinal);
        Assert.Contains(dialect.KeyHeader, dialect.CallerKeyHeaders);
        Assert.All(dialect.CallerKeyHeaders, header => Assert.False(HeaderRules.PassesUp(header)));
        Assert.True(HeaderRules.PassesDown(dialect.RequestIdHeader));
        if (dialect.BetaHeader is { } betas) Assert.True(HeaderRules.PassesUp(betas));
        if (dialect.ProbeHeader is var (probe, _)) Assert.True(HeaderRules.PassesUp(probe));
    }

    [Theory, MemberData(nameof(Calls))]
    public void Body_Least_IsRead_AndBoundedByWhatItMakes(string name)
    {
        Api api = new ApiName(name);
        var facts = Read(api, Least(api));
        Assert.Equal((api, "m"), (facts.Api, facts.Model));
        Assert.True(api.IsFree || CallBounds.Input(facts, Make.Price()) > 0);
        Assert.Equal(api.Makes == Made.Nothing, CallBounds.Output(facts, Make.Price()) == 0);
        Assert.Equal(api.Makes == Made.Capped, api.CapName is not null);
        Assert.True(api.CapName is not null || api.CapParent is null);
        Assert.False(api.IsArray && !api.IsStream);
    }

    [Theory, MemberData(nameof(CallsWithACap))]
    public void Body_WithACapLowered_HasItWhereTheDialectReadsIt(string name)
    {
        Api api = new ApiName(name);
        var body = Least(api);
        var sent = Make.Apply(body, BodySplice.Plan(Read(api, body), 17));
        var root = JsonElement.Parse(sent);
        var at = api.CapParent is { } parent ? root.GetProperty(parent) : root;
        Assert.Equal(17, at.GetProperty(api.CapName!).GetInt32());
        Assert.Equal(17, Read(api, sent).CapAsked);
    }

    [Theory, MemberData(nameof(Calls))]
    public void Body_NoJson_OrOfUnknownMembers_IsRefused(string name)
    {
        Api api = new ApiName(name);
        Assert.Equal(DialectRefusals.MalformedBody, RefusedOf(api, "{").Refusal);
        Assert.Equal(DialectRefusals.MalformedBody, RefusedOf(api, "[]").Refusal);
        if (!api.IsFree)
            Assert.Equal(DialectRefusals.UnknownMember, RefusedOf(api, Least(api)[..^1] + ",\"who_knows\":1}").Refusal);
    }

    [Theory, MemberData(nameof(Calls))]
    public void Refusals_InAnswersAndStreams_AreJsonThatSaysWhy(string name)
    {
        Api api = new ApiName(name);
        var dialect = api.Dialect;
        foreach (var isElement in new[] { false, true })
        {
            var body = JsonElement.Parse(dialect.ErrorBody(Refused, "req_1", isElement));
            var error = body.ValueKind == JsonValueKind.Array ? body[0] : body;
            Assert.Contains("It is \"so\"", error.GetProperty("error").GetProperty("message").GetString(),
                StringComparison.Ordinal);
            Assert.Contains(Refused.Refusal.Code, error.GetRawText(), StringComparison.Ordinal);
        }

        var last = Encoding.UTF8.GetString(dialect.ErrorEvent(api, Refused, "req_1", 2));
        var json = JsonElement.Parse(last[last.IndexOf('{', StringComparison.Ordinal)..(last.LastIndexOf('}') + 1)]);
        Assert.Equal(JsonValueKind.Object, json.GetProperty("error").ValueKind);
        Assert.True(api.IsArray ? last.EndsWith(']') : last.EndsWith('\n'));
        // Whoever reads it for its usage takes it for the provider's failure, as the caller does.
        var reading = default(UsageReading);
        AnswerReader.ReadEvent(dialect, Encoding.UTF8.GetBytes(json.GetRawText()), ref reading);
        Assert.True(reading.IsError);
    }

    [Theory, MemberData(nameof(Names))]
    public void Models_AreListedByName(string name)
    {
        Dialect dialect = new DialectName(name);
        var all = JsonElement.Parse(Written(json =>
            dialect.WriteModels(json, [Make.Price(), Make.Price(model: "m2")])));
        Assert.Equal(JsonValueKind.Object, all.ValueKind);
        var list = all.EnumerateObject().Single(member => member.Value.ValueKind == JsonValueKind.Array).Value;
        Assert.Equal(2, list.GetArrayLength());
        var one = JsonElement.Parse(Written(json => dialect.WriteModel(json, Make.Price())));
        Assert.Equal(one.GetRawText(), list[0].GetRawText());
        Assert.Contains("gpt-6-sol", one.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(Written(json => dialect.WriteModels(json, []))).ValueKind);
    }

    [Theory, MemberData(nameof(Names))]
    public void Answers_WithoutUsage_SayNothing_AndTheMembersNameIsFound(string name)
    {
        Dialect dialect = new DialectName(name);
        var reading = default(UsageReading);
        AnswerReader.ReadBody(dialect, "{}"u8, ref reading);
        Assert.False(reading.HasCounts);
        Assert.True(UsageRules.Final(dialect, reading, new EstimateBasis(8, 0, 8, 8)).IsEstimate);
        Assert.Equal(EventKind.Other, AnswerReader.ReadEvent(dialect, "{"u8, ref reading));

        var member = Encoding.UTF8.GetString(dialect.UsageMember);
        Assert.True(member is ['"', .., '"'] && member.Length > 2, member);
        var tail = new AnswerTail();
        tail.Add(Make.Utf8("{\"x\":1," + member + ":{}}"));
        var end = default(UsageReading);
        tail.Read(dialect, ref end);
        Assert.True(end.IsFinished);
        Assert.Equal(default(Usage), dialect.InputOf(default));
    }

    [Theory, MemberData(nameof(Names))]
    public void Tools_OfTheProvider_CanBeNamedInAPolicy(string name)
    {
        Dialect dialect = new DialectName(name);
        Assert.NotEmpty(dialect.HostedTools);
    }

    [Theory]
    [InlineData("anthropic", "claude", 5_000)]
    [InlineData("openai", "gpt-6-sol", 12_500)]
    [InlineData("openai", "gpt-4o-mini-2024", 50_000)]
    [InlineData("azure", "gpt-4o-mini", 50_000)]
    [InlineData("google-ai-studio", "gemini", 12_500)]
    [InlineData("alibaba", "qwen", 16_500)]
    public void PictureTokens_ByMaker_AreItsMost(string provider, string model, long most) =>
        Assert.Equal(most, KnownDialects.PictureTokens(Make.Price(provider, model)));

    private static HttpRequest Request(string path)
    {
        var request = new DefaultHttpContext().Request;
        request.Path = path.Split('?')[0];
        if (path.Contains('?', StringComparison.Ordinal)) request.QueryString = new("?" + path.Split('?')[1]);
        return request;
    }

    // The least that a body can be: a model, unless the path has it, and what it is to read.
    private static string Least(Api api)
    {
        var model = api.NamesModel ? "" : "\"model\":\"m\",";
        var content = api.Content == ContentForm.Prompt ? "\"x\"" : "[]";
        return string.Create(CultureInfo.InvariantCulture, $"{{{model}\"{api.ContentName}\":{content}}}");
    }

    private static CallFacts Read(Api api, string body)
    {
        var result = api.Dialect.ReadCall(
            api, api.NamesModel ? "m" : null, Make.Utf8(body), ReadingRules.None);
        Assert.True(result.Is(out var facts, out var refused), $"{api}: {refused}");
        return facts;
    }

    private static Refused RefusedOf(Api api, string body)
    {
        var result = api.Dialect.ReadCall(
            api, api.NamesModel ? "m" : null, Make.Utf8(body), ReadingRules.None);
        Assert.False(result.Is(out _, out var refused));
        return refused;
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) write(json);
        return stream.ToArray();
    }
}
