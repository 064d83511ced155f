using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Guerdon.Browser;

/// <summary>
/// One page in a context of its own. Closing it fails the test where the console had errors or the server failed.
/// </summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly List<string> _errors = [];

    public Window(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            // The browser itself reports each answer of 400 and above; tests that provoke one look at the status.
            var status = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal);
            if (message.Type == "error" && !status)
                _errors.Add(message.Text);
        };
        page.PageError += (_, error) => _errors.Add(error);
        page.Response += (_, response) =>
        {
            if (response.Status >= 500) _errors.Add($"{response.Status} of {response.Url}");
        };
    }

    public IPage Page { get; }

    /// <summary>
    /// Waits for an address, in which <c>*</c> stands for anything but a slash and <c>**</c> for anything. Not for its
    /// page to be complete: what a test does next waits by itself. The browser is asked again and again:
    /// <c>WaitForURLAsync</c> waits for an event, and never returns where that comes between its look at the address
    /// and its subscription.
    /// </summary>
    public async Task ArriveAsync(string address)
    {
        var pattern = new Regex("^" + Regex.Escape(address).Replace("\\*\\*", ".*", StringComparison.Ordinal)
            .Replace("\\*", "[^/]*", StringComparison.Ordinal) + "$");
        try
        {
            await Assertions.Expect(Page).ToHaveURLAsync(pattern);
        }
        catch (PlaywrightException e)
        {
            var said = await Page.Locator("body").InnerTextAsync();
            throw new TimeoutException($"Not at {address} but at {Page.Url}, which says:\n{said}", e);
        }
    }

    /// <summary>The exact figure of a shortened one, in tokens.</summary>
    public async Task<decimal> AmountAsync(string selector) => Number(
        await Page.Locator(selector).Locator("data[title$=' tokens']").First.GetAttributeAsync("value") ?? "");

    public async Task<decimal> TextAmountAsync(string selector) =>
        Number(await Page.Locator(selector).InnerTextAsync());

    public async Task PictureAsync(string name, bool full = true)
    {
        Directory.CreateDirectory(Site.Pictures);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Site.Pictures, name + ".png"), FullPage = full });
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.True(_errors.Count == 0, string.Join('\n', _errors));
    }

    public static decimal Number(string text) => decimal.Parse(
        text.Replace("−", "-", StringComparison.Ordinal).Replace("+", "", StringComparison.Ordinal).Trim(),
        NumberStyles.Number, CultureInfo.InvariantCulture);
}
