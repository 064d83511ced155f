using System.Text;
using System.Text.Json;
using Guerdon.Dialects;
using Guerdon.Kernel;
using Guerdon.Tuning;

namespace Guerdon.Unit.Tuning;

public class TuningBodyTests
{
    private static readonly TuningOptions Options = new();
    private static readonly TuningId Id = new(Guid.Empty);

    [Theory]
    [InlineData("", 3)]
    [InlineData(""","hyperparameters":{"n_epochs":7}""", 7)]
    [InlineData(""","hyperparameters":{"n_epochs":"auto","batch_size":"auto"}""", 3)]
    [InlineData(""","hyperparameters":null,"method":null""", 3)]
    [InlineData(""","method":{"type":"supervised"}""", 3)]
    [InlineData(""","method":{"type":"supervised","supervised":{"hyperparameters":{"n_epochs":50}}}""", 50)]
    [InlineData(""","method":{"type":"supervised","supervised":{"hyperparameters":{"batch_size":4}},"dpo":null}""", 3)]
    public void Epochs_AreWhatIsSentUpstream(string more, int epochs)
    {
        Assert.True(Read(more).Is(out var ask, out _));
        Assert.Equal(epochs, ask.Epochs);
        var sent = JsonElement.Parse(Encoding.UTF8.GetString(ask.ToSend(Id)));
        var hyper = sent.TryGetProperty("hyperparameters", out var old)
            ? old
            : sent.GetProperty("method").GetProperty("supervised").GetProperty("hyperparameters");
        Assert.Equal(epochs, hyper.GetProperty("n_epochs").GetInt32());
        Assert.Equal(Id.ToString(), sent.GetProperty("metadata").GetProperty("guerdon_job").GetString());
    }

    [Theory]
    [InlineData(""","hyperparameters":{"n_epochs":0}""", "gateway.malformed_body")]
    [InlineData(""","hyperparameters":{"n_epochs":51}""", "gateway.malformed_body")]
    [InlineData(""","hyperparameters":{"n_epochs":2.5}""", "gateway.malformed_body")]
    [InlineData(""","hyperparameters":{"n_epochs":"2"}""", "gateway.malformed_body")]
    [InlineData(""","hyperparameters":{"n_epochs":2,"n_epochs":40}""", "gateway.malformed_body")]
    [InlineData(""","hyperparameters":{"n_epochs":1},"method":{"type":"supervised"}""", "gateway.malformed_body")]
    [InlineData(""","hyperparameters":7""", "gateway.malformed_body")]
    [InlineData(""","method":{"type":"supervised","supervised":{"hyperparameters":[]}}""", "gateway.malformed_body")]
    [InlineData(""","method":{"type":"dpo","dpo":{}}""", "gateway.unpriced")]
    [InlineData(""","method":{"type":"supervised","dpo":{"hyperparameters":{}}}""", "gateway.unpriced")]
    [InlineData(""","integrations":[{"type":"wandb"}]""", "gateway.unpriced")]
    [InlineData(""","service_tier":"flex" """, "gateway.unpriced")]
    [InlineData(""","model":"other" """, "gateway.malformed_body")]
    [InlineData(""","metadata":{"guerdon_job":"tun_0"}""", "gateway.malformed_body")]
    [InlineData(""","metadata":[]""", "gateway.malformed_body")]
    [InlineData(""","metadata":{"\ud800":"a"}""", "gateway.malformed_body")]
    [InlineData(""","metadata":{"a":"\ud800"}""", "gateway.malformed_body")]
    [InlineData(""","validation_file":7""", "gateway.malformed_body")]
    [InlineData(""","validation_file":"a\u0000" """, "gateway.text_invalid")]
    [InlineData(""","metadata":{"a":"\u0000"}""", "gateway.text_invalid")]
    public void Body_ThatCannotBeBounded_IsRefused(string more, string code)
    {
        Assert.False(Read(more).Is(out _, out var refused));
        Assert.Equal(code, refused.Refusal.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"model":"gpt-4o-mini"}""")]
    [InlineData("""{"model":"gpt-4o-mini","training_file":""}""")]
    [InlineData("\"a\"")]
    public void Body_WithoutModelOrFile_IsRefused(string body) =>
        Assert.Equal(DialectRefusals.MalformedBody,
            TuningBody.Read(Encoding.UTF8.GetBytes(body), Options).Refused!.Refusal);

    [Fact]
    public void Metadata_OfTheCallers_IsKeptBesideTheMark()
    {
        var members = string.Join(',', Enumerable.Range(0, 15).Select(i => $"\"m{i}\":\"v\""));
        Assert.True(Read($",\"metadata\":{{{members}}}").Is(out var ask, out _));
        var sent = JsonElement.Parse(Encoding.UTF8.GetString(ask.ToSend(Id)));
        Assert.Equal(16, sent.GetProperty("metadata").EnumerateObject().Count());
        Assert.Equal(DialectRefusals.MalformedBody, Read($",\"metadata\":{{{members},\"m\":\"v\"}}").Refused!.Refusal);
    }

    private static Result<TuningBody> Read(string more) => TuningBody.Read(
        Encoding.UTF8.GetBytes($"{{\"model\":\"gpt-4o-mini\",\"training_file\":\"file-1\"{more}}}"), Options);
}
