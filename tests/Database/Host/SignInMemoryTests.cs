using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Stipend.Host.SignIn;

namespace Stipend.Database.Host;

/// <summary>Alone, since it weighs the memory of the process.</summary>
[CollectionDefinition(nameof(SignInMemoryTests), DisableParallelization = true)]
public sealed class SignInMemoryAlone;

/// <summary>Posts of a megabyte leave nothing behind.</summary>
[Collection(nameof(SignInMemoryTests))]
public sealed class SignInMemoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_SixHundredPostsOfAMegabyte_LeaveTheMemoryFlat()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        for (var i = 0; i < 100; i++) await PostAsync(client, new string('a', 1 << 20) + "@example.com"); // buffers
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var passed = 0;
        for (var i = 0; i < 600; i++)
            if (await PostAsync(client, $"{i}{new string('a', 1 << 20)}@example.com") is < 400) passed++;

        Assert.Equal(0, passed);
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 64 << 20, // of 600 MB that were sent; buffers of connections that are being closed
            $"the heap grew by {grown >> 20} MB");
        Assert.Equal(0, app.Services.GetRequiredService<SignInLimits>().Count);
    }

    // A real post; the server may hang up before it has read it all, which is a refusal too.
    private static async Task<int> PostAsync(HttpClient client, string email)
    {
        using var form = new StringContent($"email={email}&password=guess");
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        try
        {
            using var answer = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, Ct);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return (int)HttpStatusCode.RequestEntityTooLarge;
        }
    }
}
