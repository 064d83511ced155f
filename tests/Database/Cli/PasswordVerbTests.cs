using Guerdon.Identity.Accounts;
using Guerdon.Kernel;
using Guerdon.Tests;

namespace Guerdon.Database.Cli;

/// <summary><c>guerdon account password</c>, typed at a terminal where nobody sees it.</summary>
public sealed class PasswordVerbTests(VerbServer server) : IClassFixture<VerbServer>
{
    private const string Old = "correct horse battery", New = "another horse battery";

    private readonly string _home = TestHome.New();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private AccountDirectory Accounts => server.Get<AccountDirectory>();

    [Fact]
    public async Task Password_TypedUnseen_IsChanged_AndTheSessionGoesOn()
    {
        const string email = "pia@example.com";
        await SignedInAsync(email);
        var typed = await TypeAsync("account password", Old, New, New);
        Assert.True(typed.Exit == 0, typed.Messages);
        Assert.StartsWith($"The password of {email} is changed.", typed.Results, StringComparison.Ordinal);
        foreach (var secret in new[] { Old, New, "grs_" })
            Assert.DoesNotContain(secret, typed.Results + typed.Messages, StringComparison.Ordinal);
        Assert.NotNull(await Accounts.CheckPasswordAsync(email, New, Ct));
        var list = await TypeAsync("session list");
        Assert.True(list.Exit == 0, list.Messages);
    }

    [Theory]
    [InlineData("differ; nothing was sent", Old, New, New + "x")]
    [InlineData("--password-stdin")] // no terminal
    public async Task Password_ThatIsNotTypedWell_IsMisuse_AndSendsNothing(string says, params string[] typed)
    {
        var email = $"p{typed.Length}@example.com";
        await SignedInAsync(email);
        server.Relay.Forget();
        var done = await TypeAsync("account password", typed);
        Assert.Equal(2, done.Exit);
        Assert.Contains(says, done.Messages, StringComparison.Ordinal);
        Assert.Empty(server.Relay.Exchanges);
        Assert.NotNull(await Accounts.CheckPasswordAsync(email, Old, Ct));
    }

    [Fact]
    public async Task Password_WithoutASession_IsRefused()
    {
        var done = await TypeAsync("account password", Old, New, New);
        Assert.StartsWith("cli.sign_in_needed: ", done.Messages, StringComparison.Ordinal);
        Assert.Equal(2, (await TypeAsync("account password --token grd_1", Old, New, New)).Exit);
    }

    private async Task SignedInAsync(string email)
    {
        await Accounts.CreateAsync(email, email, [Roles.Employee], null, Old, Ct);
        var login = await RunAsync($"login --email {email} --password-stdin", Old, _ => null);
        Assert.True(login.Exit == 0, login.Messages);
    }

    private Task<Typed> TypeAsync(string line, params string[] secrets)
    {
        var left = new Queue<string>(secrets);
        return RunAsync(line, "", _ => left.TryDequeue(out var next) ? next : null);
    }

    private Task<Typed> RunAsync(string line, string input, Func<string, string?> secret) => Typed.RunAsync(
        line.Split(' '), new() { ["GUERDON_URL"] = server.Relay.Url, ["NO_COLOR"] = "1", ["HOME"] = _home },
        _ => null, input: input, clock: server.Clock, secret: secret);
}
