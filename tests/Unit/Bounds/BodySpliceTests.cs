using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Guerdon.Bounds.Edits;
using Guerdon.Unit.Dialects;

namespace Guerdon.Unit.Bounds;

public sealed class BodySpliceTests
{
    [Theory]
    [InlineData("Chat", """{"model":"m","messages":[],"max_tokens":900}""",
        """{"model":"m","messages":[],"max_tokens":50}""")]
    [InlineData("Chat", """{"model":"m","messages":[],"max_tokens":900,"max_completion_tokens":800}""",
        """{"model":"m","messages":[],"max_tokens":50,"max_completion_tokens":50}""")]
    [InlineData("Chat", """{"model":"m","messages":[],"max_tokens":9,"max_completion_tokens":800}""",
        """{"model":"m","messages":[],"max_tokens":9,"max_completion_tokens":50}""")]
    [InlineData("Chat", """{"model":"m","messages":[]}""",
        """{"max_completion_tokens":50,"model":"m","messages":[]}""")]
    [InlineData("Chat", """{"model":"m","messages":[],"max_completion_tokens":null}""",
        """{"model":"m","messages":[],"max_completion_tokens":50}""")]
    [InlineData("Chat", """{"model":"m","messages":[],"max_tokens":null}""",
        """{"max_completion_tokens":50,"model":"m","messages":[],"max_tokens":null}""")]
    [InlineData("Responses", """ { "model":"m","input":"x"}""",
        """ {"max_output_tokens":50, "model":"m","input":"x"}""")]
    [InlineData("Messages", """{"model":"m","messages":[]}""", """{"max_tokens":50,"model":"m","messages":[]}""")]
    public void Plan_LowerCap_WritesOrInsertsIt(ApiName api, string body, string sent) =>
        Assert.Equal(sent, Make.Apply(body, BodySplice.Plan(Make.Call(api, body), 50)));

    [Theory]
    [InlineData("max_tokens", null, """{"model":"m","max_completion_tokens":9}""", """{"model":"m","max_tokens":9}""")]
    [InlineData("max_tokens", 5, """{"model":"m","max_completion_tokens":9}""", """{"model":"m","max_tokens":5}""")]
    [InlineData("max_tokens", 50, """{"model":"m","max_completion_tokens":9}""", """{"model":"m","max_tokens":9}""")]
    [InlineData("max_tokens", 5, """{"model":"m","max_tokens":9}""", """{"model":"m","max_tokens":5}""")]
    [InlineData("max_tokens", 5, """{"model":"m"}""", """{"max_tokens":5,"model":"m"}""")]
    [InlineData("max_completion_tokens", null, """{"model":"m","max_tokens":9}""",
        """{"model":"m","max_completion_tokens":9}""")]
    [InlineData("max_completion_tokens", 5, """{"max_tokens":9,"model":"m"}""",
        """{"max_completion_tokens":5,"model":"m"}""")]
    [InlineData("max_completion_tokens", 7, """{"model":"m"}""", """{"max_completion_tokens":7,"model":"m"}""")]
    [InlineData("max_tokens", null, """{"model":"m"}""", """{"model":"m"}""")]
    [InlineData("max_tokens", 5, """{"model":"m","max_completion_tokens":null}""", """{"model":"m","max_tokens":5}""")]
    [InlineData("max_tokens", 5, """{"model":"m","max_tokens":null}""", """{"model":"m","max_tokens":5}""")]
    [InlineData("max_tokens", null, """{"max_completion_tokens":9 , "max_tokens": 7 ,"model":"m"}""",
        """{"max_tokens":7 ,"model":"m"}""")]
    [InlineData("max_tokens", 5, """{"model":"m","max_tokens":9,"max_completion_tokens":700}""",
        """{"model":"m","max_tokens":5}""")]
    [InlineData("max_completion_tokens", null, """{"model":"m","max_tokens":9,"n":1}""",
        """{"model":"m","max_completion_tokens":9,"n":1}""")]
    [InlineData("max_completion_tokens", 5, """{"max\u005ftokens":9,"model":"m"}""",
        """{"max_completion_tokens":5,"model":"m"}""")]
    public void Plan_ProviderNamesItsCap_OneGoesOutByThatName(string member, int? cap, string body, string sent)
    {
        var whole = body.Insert(body.Length - 1, ",\"messages\":[]");
        Assert.Equal(sent.Insert(sent.Length - 1, ",\"messages\":[]"),
            Make.Apply(whole, BodySplice.Plan(Make.Call(Apis.Chat, whole), cap, member)));
    }

    [Fact]
    public void Plan_OtherApis_KeepTheirCapsName()
    {
        const string body = """{"model":"m","input":"x","max_output_tokens":9}""";
        Assert.Empty(BodySplice.Plan(Make.Call(Apis.Responses, body), null, "max_tokens"));
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[],"stream":true}""",
        """{"stream_options":{"include_usage":true},"model":"m","messages":[],"stream":true}""")]
    [InlineData("""{"model":"m","messages":[],"stream":true,"stream_options":null}""",
        """{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","messages":[],"stream":true,"stream_options":{  }}""",
        """{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true  }}""")]
    [InlineData("""{"model":"m","messages":[],"stream":true,"stream_options":{"x":1}}""",
        """{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true,"x":1}}""")]
    [InlineData("""{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":false}}""",
        """{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":null}}""",
        """{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}""",
        """{"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"model":"m","messages":[]}""", """{"model":"m","messages":[]}""")]
    public void Plan_ChatStream_AlwaysAsksForUsage(string body, string sent) =>
        Assert.Equal(sent, Make.Apply(body, BodySplice.Plan(Make.Call(Apis.Chat, body), null)));

    [Fact]
    public void Plan_AnyMembersInAnyOrder_ChangesNothingButCapAndUsage()
    {
        string[] members =
        [
            "\"model\":\"m\"", "\"messages\":[{\"role\":\"user\",\"content\":\"{\\\"max_tokens\\\":1}\"}]",
            "\"stream\":true",
            "\"stream_options\":{\"include_usage\":false,\"a\":[1]}", "\"max_tokens\":4000",
            "\"max_completion_tokens\" : 700",
            "\"tools\":[{\"type\":\"function\",\"max_tokens\":3}]", "\"n\":2",
        ];
        var bodies = Gen.Shuffle(members).SelectMany(order => Gen.Choose(0, members.Length).Select(left =>
            "{ " + string.Join(" ,\n", order.Where((m, i) => i >= left || m.StartsWith("\"mo", StringComparison.Ordinal)
                || m.StartsWith("\"messages", StringComparison.Ordinal))) + "}"));

        Prop.ForAll(bodies.ToArbitrary(), body =>
        {
            var call = Make.Call(Apis.Chat, body);
            var sent = JsonNode.Parse(Make.Apply(body, BodySplice.Plan(call, 64)))!.AsObject();
            var asked = JsonNode.Parse(body)!.AsObject();

            if (call.Stream) Assert.True((bool)sent["stream_options"]!["include_usage"]!);
            long[] caps = [.. new[] { "max_tokens", "max_completion_tokens" }.Where(sent.ContainsKey)
                .Select(c => (long)sent[c]!)];
            Assert.NotEmpty(caps);
            Assert.All(caps, cap => Assert.Equal(64, cap));
            foreach (var changed in new[] { "max_tokens", "max_completion_tokens", "stream_options" })
            {
                sent.Remove(changed);
                asked.Remove(changed);
            }

            Assert.True(JsonNode.DeepEquals(asked, sent), body);
        }).QuickCheckThrowOnFailure();
    }
}
