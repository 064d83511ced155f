using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Guerdon.Gateway.Forwarding;
using Guerdon.Relay;
using Guerdon.Relay.Callers;
using Guerdon.Unit.Architecture;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Unit.Relay;

/// <summary>Headers pass by two lists. Whatever is on neither passes nowhere.</summary>
public sealed partial class HeaderRulesTests
{
    // Of requests and of answers, as registered and as seen: of one hop, of credentials, of accounts, of browsers.
    private static readonly string[] Known =
    [
        "Accept", "Accept-Encoding", "Access-Control-Allow-Origin", "Alt-Svc", "Alt-Used",
        "anthropic-dangerous-direct-browser-access", "anthropic-organization-id", "api-key", "Authorization",
        "Cache-Control", "cf-ray", "ChatGPT-Account-ID", "Clear-Site-Data", "Connection", "Content-Disposition",
        "Content-Length", "Content-Location", "Content-Security-Policy", "Cookie", "Cookie2", "Date", "ETag", "Expect",
        "Forwarded", "From", "Host", "HTTP2-Settings", "Idempotency-Key", "Keep-Alive", "Link", "Location",
        "Max-Forwards", "NEL", "OpenAI-Organization", "OpenAI-Project", "openai-anything-new", "Origin", "Pragma",
        "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "Public-Key-Pins", "Range", "Referer",
        "Refresh", "Report-To", "Reporting-Endpoints", "Sec-WebSocket-Key", "Server", "Server-Timing",
        "Service-Worker-Allowed", "Set-Cookie", "Set-Cookie2", "SourceMap", "Strict-Transport-Security", "TE",
        "Trailer", "Transfer-Encoding", "Upgrade", "Via", "Vary", "WWW-Authenticate", "X-Accel-Redirect",
        "X-Amz-Security-Token", "x-api-key", "X-Forwarded-For", "X-Goog-Api-Key", "X-Goog-FieldMask",
        "X-Goog-User-Project", "X-Http-Method-Override", "X-Real-IP", "X-Sendfile", "X-Stainless-Anything",
        "X-Guerdon-Charge", "x-guerdon-request-id", "x-codex-anything",
    ];

    [Fact]
    public void Known_OnNeitherList_PassesNowhere() => Assert.All(Known, name =>
    {
        foreach (var form in (string[])[name, name.ToUpperInvariant(), name.ToLowerInvariant()])
            Assert.Equal((form, false, false), (form, HeaderRules.PassesUp(form), HeaderRules.PassesDown(form)));
    });

    // A '*' is an end like any other.
    [Fact]
    public void PassesDown_FamilyWithAStarForItsEnd_Passes() => Assert.True(HeaderRules.PassesDown("x-ratelimit-*"));

    [Fact]
    public void Any_NotOnTheList_NeverPasses()
    {
        var word = Gen.Elements("x", "anthropic", "openai", "ratelimit", "stainless", "codex", "goog", "beta",
            "version", "request", "id", "retry", "after", "content", "type", "set", "cookie", "agent", "user", "*");
        var names = Gen.Choose(1, 4).SelectMany(parts => word.ListOf(parts)).Select(parts => string.Join('-', parts));
        Prop.ForAll(names.ToArbitrary(), name =>
        {
            Assert.Equal(HeaderRules.Up.Contains(name), HeaderRules.PassesUp(name));
            var isNamed = HeaderRules.Down.Contains(name) && !name.EndsWith('*');
            var isFamily = name.StartsWith("x-ratelimit-", StringComparison.Ordinal)
                || name.StartsWith("anthropic-ratelimit-", StringComparison.Ordinal);
            Assert.Equal(isNamed || isFamily, HeaderRules.PassesDown(name));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Lists_CarryNoCredential() => Assert.All(KeyHeaders.Names, name =>
    {
        Assert.False(HeaderRules.PassesUp(name));
        Assert.False(HeaderRules.PassesDown(name));
    });

    [Fact]
    public void Guide_ShowsBothLists()
    {
        var guide = Repository.Read("docs/guides/clients.md");
        Assert.Equal(HeaderRules.Up.Order(StringComparer.Ordinal), NamesBelow(guide, "### Up"));
        Assert.Equal(HeaderRules.Down.Order(StringComparer.Ordinal), NamesBelow(guide, "### Down"));
    }

    [Theory]
    [InlineData("x-app", "café", "'x-app' has a character that no header can carry, at 4.")]
    [InlineData("X-App", "a\u0001b", "at 2.")]
    [InlineData("user-agent", "a\r\nx-api-key: b", "at 2.")]
    [InlineData("user-agent", "\u007F", "at 1.")]
    [InlineData("anthropic-beta", "😀", "at 1.")]
    public void Refuses_WhatNoHeaderCarries_SaysWhichAndWhere(string name, string value, string says)
    {
        var refused = HeaderRules.Refuses(new HeaderDictionary { [name] = value });
        Assert.Equal(RelayRefusals.UnsendableHeader, refused!.Refusal);
        Assert.EndsWith(says, refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_TooLong_SaysHowLong()
    {
        Assert.Null(HeaderRules.Refuses(new HeaderDictionary { ["x-app"] = new string('a', HeaderRules.MostBytes) }));
        var one = HeaderRules.Refuses(new HeaderDictionary { ["x-app"] = new string('a', HeaderRules.MostBytes + 1) });
        Assert.Equal("'x-app' has 8193 bytes, 8192 may be sent.", one!.Detail);
        var all = HeaderRules.Refuses(new HeaderDictionary
        {
            ["x-app"] = new string('a', 8_000), ["version"] = new string('a', 8_000),
        });
        Assert.Equal("The headers for the provider have 16012 bytes together, 12288 may be sent.", all!.Detail);
    }

    [Fact]
    public void Refuses_WhatDoesNotGoUp_IsNoneOfItsBusiness() => Assert.Null(HeaderRules.Refuses(
        new HeaderDictionary { ["cookie"] = "café", ["x-other"] = new string('a', 20_000) }));

    [Fact]
    public void CopyDown_TakesTheListAlone()
    {
        using var from = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        foreach (var name in Known) from.Headers.TryAddWithoutValidation(name, "1");
        from.Headers.TryAddWithoutValidation("x-request-id", ["1", "2"]);
        from.Headers.TryAddWithoutValidation("x-ratelimit-remaining-tokens", "7");
        from.Headers.TryAddWithoutValidation("request-id", "café");
        from.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
        var to = new HeaderDictionary();
        HeaderRules.CopyDown(from, to);
        Assert.Equal(
            ["cache-control=no-store", "content-type=application/json", "x-content-type-options=nosniff",
                "x-ratelimit-remaining-tokens=7", "x-request-id=1, 2"],
            to.Select(header => $"{header.Key.ToLowerInvariant()}={header.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("text/html; charset=utf-8")]
    [InlineData("TEXT/HTML")]
    [InlineData("text/html;;=x")] // which browsers read as a page, and no parser of ours at all
    [InlineData("image/svg+XML")]
    public void CopyDown_OfAPage_IsText(string type)
    {
        using var from = new HttpResponseMessage { Content = new ByteArrayContent([]) };
        from.Content.Headers.TryAddWithoutValidation("content-type", type);
        var to = new HeaderDictionary();
        HeaderRules.CopyDown(from, to);
        Assert.Equal("text/plain", to["content-type"]);
    }

    private static IEnumerable<string> NamesBelow(string guide, string title)
    {
        var from = guide.IndexOf(title, StringComparison.Ordinal);
        var to = guide.IndexOf("\n#", from + title.Length, StringComparison.Ordinal);
        return Row().Matches(guide[from..to]).SelectMany(row => Name().Matches(row.Groups[1].Value))
            .Select(name => name.Groups[1].Value).Order(StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^\| (`[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
