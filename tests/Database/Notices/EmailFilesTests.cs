using Guerdon.Notices;
using Guerdon.Tests;

namespace Guerdon.Database.Notices;

/// <summary>Whom e-mail trusts, and what it reads from files: certificates that are made here, and a mail server that
/// presents them.</summary>
public sealed class EmailFilesTests
{
    private static CancellationToken Ct => NoticeScene.Ct;

    private const string No = "waiting 1 the server's certificate, or its TLS, is not accepted";

    internal static readonly Dictionary<string, (MailCertificates Certificates, string State)> Chains = new()
    {
        ["signed by the root"] = (new(), "sent 1"),
        ["for servers"] = (new() { Usage = MailCertificates.ForServers }, "sent 1"),
        ["the server sends the intermediate"] = (new() { HasIntermediate = true }, "sent 1"),
        ["the file has the intermediate"] = (
            new() { HasIntermediate = true, SendsIntermediate = false, FileHasIntermediate = true }, "sent 1"),
        ["both have it"] = (
            new() { HasIntermediate = true, FileHasIntermediate = true, Usage = MailCertificates.ForServers },
            "sent 1"),
        ["nobody has the intermediate"] = (new() { HasIntermediate = true, SendsIntermediate = false }, No),
        ["for clients alone"] = (new() { Usage = MailCertificates.ForClients }, No),
        ["for clients alone, by an intermediate"] = (
            new() { HasIntermediate = true, Usage = MailCertificates.ForClients }, No),
        ["by one that is no authority"] = (new() { HasIntermediate = true, IsIntermediateAuthority = false }, No),
        ["by a root of the same name"] = (new() { FileHasRoot = false, FileHasAnotherRoot = true }, No),
        ["expired"] = (new() { IsExpired = true }, No),
        ["of another name, by an intermediate"] = (new() { HasIntermediate = true, Name = "elsewhere.example" }, No),
        ["the file has the intermediate alone"] = (
            new() { HasIntermediate = true, FileHasRoot = false, FileHasIntermediate = true },
            "waiting 1 Notices:Email:Authority has no root, which signs itself: add your authority's root to the "
            + "file."),
    };

    public static TheoryData<string> Names() => [.. Chains.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task Server_WithThisCertificate_IsTrustedOrNot(string name)
    {
        var (certificates, state) = Chains[name];
        await using var server = new MailServer(certificates);
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");

        await scene.Sender(NoticeScene.Email(NoticeScene.At(server) with { Connections = 1 })).SendDueAsync(Ct);

        Assert.Equal(state, await scene.StateAsync(id));
        Assert.Equal(state == "sent 1" ? 1 : 0, server.Taken.Count);
    }

    // Somebody changes the files while Guerdon runs. What is wrong is said as it is, and nobody is called.
    [Theory]
    [InlineData("PasswordFile", null, "PasswordFile names no file: name one that Guerdon's user can read, with the "
        + "password in its first line.")]
    [InlineData("PasswordFile", "", "PasswordFile has no password in its first line: write it there.")]
    [InlineData("PasswordFile", ".", "PasswordFile cannot be read: name a file that Guerdon's user can read.")]
    [InlineData("Authority", null, "Authority names no file: name a PEM file that Guerdon's user can read.")]
    [InlineData("Authority", "nothing", "Authority has no certificate: name a PEM file with the authority's.")]
    public async Task File_CannotBeUsed_IsNamedWithTheFix(string setting, string? text, string reason)
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var file = Path.Combine(TestHome.New(), "file");
        if (text == ".") Directory.CreateDirectory(file);
        else if (text is not null) await File.WriteAllTextAsync(file, text, Ct);
        var options = NoticeScene.At(server) with { Connections = 1 };
        options = setting == "Authority" ? options with { Authority = file }
            : options with { Password = "", PasswordFile = file };
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var sender = scene.Sender(NoticeScene.Email(options));

        await sender.SendDueAsync(Ct);

        Assert.Equal($"waiting 1 Notices:Email:{reason}", await scene.StateAsync(id));
        Assert.Contains($"Notices:Email:{reason}", scene.Logged, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);

        if (text == ".") Directory.Delete(file);
        await File.WriteAllTextAsync(
            file, setting == "Authority" ? await File.ReadAllTextAsync(server.AuthorityFile, Ct) : MailServer.Password,
            Ct);
        scene.Clock.Now = await scene.NextAsync(id);
        Assert.Equal(1, await sender.SendDueAsync(Ct));
    }

    // Umlauts go as they are where the server takes that. Where it does not, a domain has a form within ASCII, and what
    // stands before the @ has none.
    [Theory]
    [InlineData("jürgen@example.com", true, "sent 1", "jürgen@example.com")]
    [InlineData("jürgen@exämple.com", true, "sent 1", "jürgen@exämple.com")]
    [InlineData("ann@exämple.com", true, "sent 1", "ann@exämple.com")]
    [InlineData("jürgen@example.com", false,
        "failed 1 the address is beyond ASCII, and the server does not take that (no SMTPUTF8)", null)]
    [InlineData("ann@exämple.com", false, "sent 1", "ann@xn--exmple-cua.com")]
    [InlineData("ann@xn--exmple-cua.com", false, "sent 1", "ann@xn--exmple-cua.com")]
    public async Task Address_BeyondAscii_IsSentOrFailsAndSaysWhy(
        string address, bool takesUtf8, string state, string? to)
    {
        await using var server = new MailServer { TakesUtf8 = takesUtf8 };
        await using var scene = await NoticeScene.OpenAsync("email");
        var (ada, ben) = (scene.People[0], scene.People[1]);
        await scene.ExecuteAsync("update people.person set email = $2 where person_id = $1", ada.Id.Value, address);
        var id = await scene.GiveAsync(ada.Id, NoticeKinds.ClaimApproved, "clm_1");
        var other = await scene.GiveAsync(ben.Id, NoticeKinds.ClaimApproved, "clm_2");

        await scene.Sender(NoticeScene.Email(NoticeScene.At(server) with { Connections = 1 })).SendDueAsync(Ct);

        Assert.Equal((state, "sent 1"), (await scene.StateAsync(id), await scene.StateAsync(other)));
        Assert.Equal(1, server.Connections);
        var mail = server.Taken.SingleOrDefault(taken => taken.To[0] != ben.Email);
        Assert.Equal(to, mail?.To[0]);
        Assert.Equal(takesUtf8, mail?.IsUtf8 ?? false);
        Assert.DoesNotContain(address, scene.Logged, StringComparison.Ordinal);
    }

    // SMTPUTF8 is asked for with the sender, for the recipient's sake: nobody else's mail waits for that.
    [Theory]
    [InlineData("550 5.6.7 no SMTPUTF8 from here", "failed 1 550 5.6.7 to the sender")]
    [InlineData("555 5.5.4 unsupported option: SMTPUTF8", "failed 1 555 5.5.4 to the sender")]
    [InlineData("550 5.7.1 not your address", "waiting 1 550 5.7.1 to the sender")]
    public async Task Sender_RefusedForTheRecipientsSake_FailsThatNoticeAlone(string answer, string state)
    {
        await using var server = new MailServer
        {
            TakesUtf8 = true,
            Answer = (verb, line) => verb == "MAIL" && line.Contains("SMTPUTF8", StringComparison.Ordinal)
                ? answer : null,
        };
        await using var scene = await NoticeScene.OpenAsync("email");
        var (ada, ben) = (scene.People[0], scene.People[1]);
        await scene.ExecuteAsync(
            "update people.person set email = $2 where person_id = $1", ada.Id.Value, "jürgen@example.com");
        var id = await scene.GiveAsync(ada.Id, NoticeKinds.ClaimApproved, "clm_1");
        var other = await scene.GiveAsync(ben.Id, NoticeKinds.ClaimApproved, "clm_2");

        await scene.Sender(NoticeScene.Email(NoticeScene.At(server) with { Connections = 1 })).SendDueAsync(Ct);

        Assert.Equal(state, await scene.StateAsync(id));
        if (state[0] == 'f') Assert.Equal("sent 1", await scene.StateAsync(other));
    }

    [Fact]
    public async Task From_BeyondAscii_WaitsForASettingOrAServerThatTakesIt()
    {
        await using var server = new MailServer();
        await using var scene = await NoticeScene.OpenAsync("email");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.ClaimApproved, "clm_1");
        var options = NoticeScene.At(server) with { From = "geh\u00e4lter@example.com" };
        await scene.Sender(NoticeScene.Email(options)).SendDueAsync(Ct);
        Assert.StartsWith(
            "waiting 1 Notices:Email:From is beyond ASCII", await scene.StateAsync(id), StringComparison.Ordinal);

        await using var other = new MailServer { TakesUtf8 = true };
        scene.Clock.Now = await scene.NextAsync(id);
        var at = NoticeScene.At(other) with { From = options.From };
        Assert.Equal(1, await scene.Sender(NoticeScene.Email(at)).SendDueAsync(Ct));
        Assert.True(Assert.Single(other.Taken).IsUtf8);
    }
}
