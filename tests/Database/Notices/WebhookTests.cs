using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guerdon.Notices;
using Guerdon.Notices.Webhook;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Guerdon.Database.Notices;

/// <summary>Notices to a receiver that checks their signature as the guide tells it to.</summary>
public sealed class WebhookTests
{
    private const string Secret = "0123456789abcdef0123456789abcdef", Older = "ffffffffffffffffffffffffffffffff";

    private static CancellationToken Ct => NoticeScene.Ct;

    [Fact]
    public async Task Notice_Given_ArrivesOnceAndSigned()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var scene = await NoticeScene.OpenAsync("webhook");
        var ada = scene.People[0];
        var id = await scene.GiveAsync(ada.Id, NoticeKinds.ClaimApproved, "clm_1", "10.00 USD, „paid“ back.");
        using var channel = Channel(scene, receiver.Address);

        Assert.Equal(1, await scene.Sender(channel).SendDueAsync(Ct));
        Assert.Equal(0, await scene.Sender(channel).SendDueAsync(Ct));

        var got = Assert.Single(receiver.Got);
        Assert.True(got.IsSignedBy(Secret));
        Assert.False(got.IsSignedBy(Older));
        Assert.Equal($"{id}", got.Notice);
        Assert.Equal(scene.Clock.Now.ToUnixTimeSeconds(), got.Timestamp);
        var body = JsonDocument.Parse(got.Body).RootElement;
        Assert.Equal(
            ["notice", "kind", "mustBeTold", "person", "subject", "text", "givenAt"],
            body.EnumerateObject().Select(member => member.Name));
        Assert.Equal($"{ada.Id}", body.GetProperty("person").GetString());
        Assert.Equal("10.00 USD, „paid“ back.", body.GetProperty("text").GetString());
        Assert.DoesNotContain(ada.Email, Encoding.UTF8.GetString(got.Body), StringComparison.Ordinal);
        Assert.Equal("sent 1", await scene.StateAsync(id, "webhook"));
    }

    [Fact]
    public async Task Receiver_ChangesItsSecret_KnowsNoticesByEitherAllTheTime()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var scene = await NoticeScene.OpenAsync("webhook");
        await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x");
        using var channel = Channel(scene, receiver.Address, Older);
        await scene.Sender(channel).SendDueAsync(Ct);
        var got = Assert.Single(receiver.Got);
        Assert.True(got.IsSignedBy(Secret) && got.IsSignedBy(Older));
    }

    [Theory]
    [InlineData(500, "waiting 1 the receiver answered 500")]
    [InlineData(404, "waiting 1 the receiver answered 404")]
    [InlineData(422, "waiting 1 the receiver answered 422")]
    [InlineData(302, "waiting 1 the receiver answered 302, which is not followed")]
    public async Task Receiver_Refuses_NoticeComesAgainWithTheSameIdAndBody(int status, string state)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var scene = await NoticeScene.OpenAsync("webhook");
        receiver.Status = status;
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x");
        using var channel = Channel(scene, receiver.Address);
        await scene.Sender(channel).SendDueAsync(Ct);
        Assert.Equal(state, await scene.StateAsync(id, "webhook"));

        receiver.Status = 204;
        scene.Clock.Now = await scene.NextAsync(id);
        Assert.Equal(1, await scene.Sender(channel).SendDueAsync(Ct));

        var (first, second) = (receiver.Got.First(), receiver.Got.Last());
        Assert.Equal((2, first.Notice), (receiver.Got.Count, second.Notice));
        Assert.Equal(first.Body, second.Body);
        Assert.True(second.Timestamp > first.Timestamp);
        Assert.True(second.IsSignedBy(Secret));
        Assert.Equal(0, receiver.Elsewhere); // where the redirect led
    }

    [Fact]
    public async Task Receiver_IsSilent_EndsTheTryAtItsTime()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var scene = await NoticeScene.OpenAsync("webhook");
        receiver.IsSilent = true;
        scene.Options = scene.Options with { TryWithin = TimeSpan.FromSeconds(2) };
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x");
        using var channel = Channel(scene, receiver.Address);
        await scene.Sender(channel).SendDueAsync(Ct);
        Assert.Equal("waiting 1 no answer within 00:00:02", await scene.StateAsync(id, "webhook"));
    }

    // The name was outside when it was set, and leads inside when it is called.
    [Fact]
    public async Task Receiver_IsInsideAndNotNamed_IsNeverCalled()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var scene = await NoticeScene.OpenAsync("webhook");
        var id = await scene.GiveAsync(scene.People[0].Id, NoticeKinds.Grant, "x");
        using var channel = new WebhookChannel(
            Microsoft.Extensions.Options.Options.Create(
                new WebhookOptions { Address = receiver.Address, Secret = Secret }), scene.Clock);
        await scene.Sender(channel).SendDueAsync(Ct);
        Assert.Equal(
            "waiting 1 the address is inside, and Notices:Webhook:LocalAddresses does not name it",
            await scene.StateAsync(id, "webhook"));
        Assert.Empty(receiver.Got);
    }

    [Fact]
    public async Task BothWays_OneIsAway_TheOtherIsNotHeldUp()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var scene = await NoticeScene.OpenAsync("email", "webhook");
        await scene.GiveManyAsync(100);
        using var channel = Channel(scene, receiver.Address);
        var mail = NoticeScene.Email(new() { Server = "localhost", Port = 1, From = "g@example.com" });

        Assert.Equal(100, await scene.Sender(mail, channel).SendDueAsync(Ct));

        Assert.Equal(100, receiver.Got.Select(got => got.Notice).Distinct().Count());
        Assert.Equal(100, await scene.CountAsync("waiting"));
    }

    private static WebhookChannel Channel(NoticeScene scene, string address, string second = "") => new(
        Microsoft.Extensions.Options.Options.Create(new WebhookOptions
        {
            Address = address, Secret = Secret, SecondSecret = second, LocalAddresses = ["127.0.0.1"],
        }), scene.Clock);

    private sealed record Call(string Notice, long Timestamp, string Signature, byte[] Body)
    {
        // As docs/guides/notices.md has it: time, a dot, the body; compared in constant time.
        public bool IsSignedBy(string secret)
        {
            byte[] signed = [.. Encoding.UTF8.GetBytes($"{Timestamp}."), .. Body];
            var expected = "v1=" + Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
            return Signature.Split(',').Any(one => CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(expected)));
        }
    }

    private sealed class Receiver(WebApplication app) : IAsyncDisposable
    {
        private int _elsewhere;

        public string Address => app.Urls.Single() + "/hook";
        public ConcurrentQueue<Call> Got { get; } = [];
        public int Elsewhere => _elsewhere;
        public int Status { get; set; } = 200;
        public bool IsSilent { get; set; }

        public static async Task<Receiver> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            var app = builder.Build();
            var receiver = new Receiver(app);
            app.MapPost("/hook", receiver.TakeAsync);
            app.MapFallback(() => Interlocked.Increment(ref receiver._elsewhere));
            await app.StartAsync(Ct);
            return receiver;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task TakeAsync(HttpContext http)
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            Got.Enqueue(new Call(
                http.Request.Headers["x-guerdon-notice"]!,
                long.Parse(http.Request.Headers["x-guerdon-timestamp"]!, null),
                http.Request.Headers["x-guerdon-signature"]!, body.ToArray()));
            if (IsSilent) await Task.Delay(Timeout.Infinite, http.RequestAborted);
            http.Response.StatusCode = Status;
            if (Status == 302) http.Response.Headers.Location = "/elsewhere";
        }
    }
}
