using Guerdon.Cli;
using Guerdon.Host.Verbs;
using Guerdon.Terminal;

namespace Guerdon.Unit.Host;

/// <summary>How the server is reached from outside is looked at before anything starts.</summary>
public sealed class ServeTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--public-address", "pay.example.com", "write it as https://guerdon.example.com")]
    [InlineData("--public-address", "http://pay.example.com", "write it as https://guerdon.example.com")]
    [InlineData("--public-address", "https://pay.example.com/x", "write it as https://guerdon.example.com")]
    [InlineData("--behind-proxy", "proxy", "write their network as 10.0.0.0/24")]
    [InlineData("--behind-proxy", "0.0.0.0/0", "write their network as 10.0.0.0/24")]
    [InlineData("--behind-proxy", "10.0.0.0/33", "write their network as 10.0.0.0/24")]
    public async Task Serve_Nonsense_IsMisuse(string option, string value, string said)
    {
        await using var messages = new StringWriter();
        var code = await CliModule.RunAsync(
            CliModule.Build(LocalVerbs.All()), ["serve", option, value], TextWriter.Null, messages, Ct);
        Assert.Equal(ExitCodes.Misused, code);
        Assert.Contains(said, messages.ToString(), StringComparison.Ordinal);
    }
}
