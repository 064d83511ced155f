using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guerdon.Kernel;
using Guerdon.Tuning;

namespace Guerdon.Unit.Tuning;

/// <summary>Jobs and files as OpenAI's dialect has them.</summary>
public class TuningJsonTests
{
    private static readonly DateTime Made = new(2026, 11, 21, 10, 0, 0, DateTimeKind.Utc);

    private static readonly TuningJob Job = new()
    {
        Wallet = default, Id = new(Guid.Parse("00000000-0000-7000-8000-000000000007")), KeyId = default,
        Provider = "openai", UpstreamId = "ftjob-1", FileId = "file-1", Model = "gpt-6-sol", PriceId = Guid.Empty,
        TokenValueNanos = 1_000, Epochs = 3, BoundTokens = 3_000, Held = new(5_000), CreatedAt = Made,
    };

    [Theory]
    [InlineData("""{"id":"a"}""", true)]
    [InlineData("""{"a":1,"a":2}""", false)] // a member twice
    [InlineData("[]", false)]
    [InlineData("7", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    [InlineData("""{"a":"\ud800"}""", false)] // half a character
    [InlineData("""{"\ud800":1}""", false)]
    [InlineData("""{"a":"\ud83d\ude00"}""", true)]
    public void Read_AnObject_OrNothing(string json, bool isRead) =>
        Assert.Equal(isRead, TuningJson.Read(Encoding.UTF8.GetBytes(json)) is not null);

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Read_Depth_IsBounded(int depth, bool isRead)
    {
        var json = string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        Assert.Equal(isRead, TuningJson.Read(Encoding.UTF8.GetBytes(json)) is not null);
    }

    [Fact]
    public void Parse_ATextThatIsNotUnicode_SaysWhere()
    {
        var e = Assert.Throws<JsonException>(() => TuningJson.Parse("""{"a":"\ud800"}"""u8, default));
        Assert.StartsWith("Byte 6:", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"j","status":"running","trained_tokens":5,"created_at":7"""
        + ""","metadata":{"guerdon_job":"tun_1"}}""",
        "j running 5 tun_1 7 False")]
    [InlineData("""{"id":"j","status":"succeeded","trained_tokens":0}""", "j succeeded 0 - 0 True")]
    [InlineData("""{"id":7,"status":null,"trained_tokens":-1,"created_at":-1,"metadata":[]}""", "- - - - 0 False")]
    [InlineData("""{"status":"failed","trained_tokens":"5","metadata":{"guerdon_job":1}}""", "- failed - - 0 True")]
    [InlineData("""{"status":"cancelled","trained_tokens":1.5,"created_at":1e30}""", "- cancelled - - 0 True")]
    [InlineData("{}", "- - - - 0 False")]
    public void SaidIn_AJob_TakesOnlyWhatIsOfItsKind(string job, string said)
    {
        var s = TuningJson.SaidIn(JsonNode.Parse(job)!.AsObject());
        Assert.Equal(said, $"{s.Id ?? "-"} {s.Status ?? "-"} {s.Trained?.ToString() ?? "-"} {s.Mark ?? "-"} "
            + $"{s.CreatedAt} {s.IsOver}");
    }

    [Fact]
    public void JobOf_AJobThatRuns_ShowsWhatItHolds()
    {
        var json = TuningJson.JobOf(Job);
        Assert.Equal("ftjob-1", (string?)json["id"]);
        var own = json["guerdon"]!;
        Assert.Equal((Job.Id.ToString(), 3, 3_000L), ((string?)own["job"], (int)own["epochs"]!,
            (long)own["bound_tokens"]!));
        Assert.Equal((new Tokens(5_000).ToString(), null), ((string?)own["held"], (string?)own["charged"]));
        Assert.Null(own["warning"]);
    }

    [Fact]
    public void JobOf_AJobThatEnded_HoldsNothingAndShowsItsCharge()
    {
        var json = TuningJson.JobOf(Job with
        {
            Seen = """{"id":"ftjob-2","status":"succeeded"}""",
            EndedAt = Made,
            Charged = new(4_000),
            Warning = "late",
        });
        Assert.Equal(("ftjob-2", "succeeded"), ((string?)json["id"], (string?)json["status"])); // as last described
        var own = json["guerdon"]!;
        Assert.Equal((Tokens.Zero.ToString(), new Tokens(4_000).ToString(), "late"),
            ((string?)own["held"], (string?)own["charged"], (string?)own["warning"]));
    }

    [Fact]
    public void FileOf_AFile_IsAsTheDialectHasIt() => Assert.Equal(
        """{"id":"file-1","object":"file","bytes":42,"filename":"a.jsonl","created_at":1795255200"""
        + ""","purpose":"fine-tune","status":"processed"}""",
        TuningJson.FileOf(new TuningFile("file-1", "openai", "a.jsonl", 42, Made)).ToJsonString());

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void List_OfItems_SaysWhetherThereAreMore(bool hasMore) => Assert.Equal(
        $$"""{"object":"list","data":[{"a":1},{"b":2}],"has_more":{{(hasMore ? "true" : "false")}}}""",
        TuningJson.List([new JsonObject { ["a"] = 1 }, new JsonObject { ["b"] = 2 }], hasMore).ToJsonString());

    [Theory]
    [InlineData("ftjob-1", "/v1/fine_tuning/jobs/ftjob-1")]
    [InlineData("../a?b", "/v1/fine_tuning/jobs/..%2Fa%3Fb")]
    public void PathOf_AnId_IsOnePart(string id, string path) => Assert.Equal(path, TuningJob.PathOf(id));
}
