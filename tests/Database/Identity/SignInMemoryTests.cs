using System.Net;
using System.Net.Http.Headers;
using Guerdon.Database.Host;
using Guerdon.Identity.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace Guerdon.Database.Identity;

/// <summary>Alone, since it weighs the memory of the process.</summary>
[CollectionDefinition(nameof(SignInMemoryTests), DisableParallelization = true)]
public sealed class SignInMemoryAlone;

/// <summary>Posts of a megabyte leave nothing in memory.</summary>
[Collection(nameof(SignInMemoryTests))]
public sealed class SignInMemoryTests
{
    private const int Round = 120; // posts, of a megabyte each

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SignIn_SixHundredPostsOfAMegabyte_LeaveTheMemoryFlat()
    {
        await using var app = await RealApp.StartAsync();
        using var client = app.Client();
        await RoundAsync(client);

        // Pools of buffers fill in one round and are emptied in another, on a busy machine in three of five; what stays
        // in memory grows in every round.
        var grown = new List<long>();
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await RoundAsync(client);
            grown.Add((GC.GetTotalMemory(forceFullCollection: true) - before) >> 10);
        }

        var said = $"The heap grew by {string.Join(", ", grown)} KB in rounds of {Round} MB.";
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(grown.Order().ElementAt(1) < 512, said); // KB: 4 for each post
        Assert.Equal(0, app.Services.GetRequiredService<SignInLimits>().Count);
    }

    private static async Task RoundAsync(HttpClient client)
    {
        for (var i = 0; i < Round; i++)
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge,
                await PostAsync(client, $"{i}{new string('a', 1 << 20)}@example.com"));
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string email)
    {
        using var form = new StringContent($"email={email}&password=guess");
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var answer = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, Ct);
        return answer.StatusCode;
    }
}
