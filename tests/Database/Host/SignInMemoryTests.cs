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
        var before = 0L;
        for (var warm = 0; warm < 2; warm++)
        {
            // Twice: the first collection empties the pools that the client makes its bodies in, and they fill again.
            for (var i = 0; i < 150; i++) await PostAsync(client, $"{i}{new string('a', 1 << 20)}@example.com");
            before = GC.GetTotalMemory(forceFullCollection: true);
        }

        for (var i = 0; i < 600; i++)
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge,
                await PostAsync(client, $"{i}{new string('a', 1 << 20)}@example.com"));

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"The heap grew by {grown >> 10} KB.");
        Assert.True(grown < 4 << 20, $"the heap grew by {grown >> 10} KB"); // of 600 MB that were sent
        Assert.Equal(0, app.Services.GetRequiredService<SignInLimits>().Count);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string email)
    {
        using var form = new StringContent($"email={email}&password=guess");
        form.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        using var answer = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, Ct);
        return answer.StatusCode;
    }
}
