using System.ClientModel;
using System.Text.Json;
using Guerdon.Kernel;
using Guerdon.Metering.Verification;
using Guerdon.Pricing.Book;
using Guerdon.Pricing.Costing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using OpenAI;
using OpenAI.Images;

namespace Guerdon.Database.Gateway;

#pragma warning disable OPENAI001 // some options of pictures are marked experimental by their own package

/// <summary>Audio and pictures through the gateway: charged by class, and refused where they have no price.</summary>
public sealed class MediaTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Prices that no list has, each its own, so that a token in the wrong class shows.
    private static readonly Rates Heard = new(2_000_000_000, 200_000_000, 2_000_000_000, 2_000_000_000, 10_000_000_000)
    {
        AudioInput = 40_000_000_000, ImageInput = 7_000_000_000, AudioOutput = 80_000_000_000,
        ImageOutput = 30_000_000_000,
    };

    private async Task PriceAsync(string model, string provider, Rates rates)
    {
        await using var connection = await gateway.Db.OpenConnectionAsync(Ct);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(PriceRow.Insert(new Price(
            Guid.CreateVersion7(), model, provider, DateTimeOffset.UnixEpoch, rates, null, null, 128_000, 16_000,
            Usd.Zero, "test")));
        await batch.ExecuteNonQueryAsync(Ct);
        await gateway.Services.GetRequiredService<PriceBook>().ReloadAsync(Ct);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_Spoken_IsChargedByClass(bool isStream)
    {
        await PriceAsync("speaker", "openai", Heard);
        var (key, wallet) = await gateway.KeyAsync(1_000_000);
        var stream = isStream ? "true" : "false";
        using var answer = await gateway.PostAsync("/v1/chat/completions", key, $$"""
            {"model":"speaker","max_completion_tokens":500,"stream":{{stream}},"modalities":["text","audio"],
             "audio":{"voice":"alloy","format":"wav"},
             "messages":[{"role":"user","content":[{"type":"text","text":"Say it aloud, and then once more."},
               {"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"} }]}]}
            """, "audio=7; tokens=50");
        Assert.Equal(200, (int)answer.StatusCode);
        await answer.Content.ReadAsStringAsync(Ct);

        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((7, 0, 7, 0, 50),
            (booked.Audio_Input, booked.Image_Input, booked.Audio_Output, booked.Image_Output, booked.Output));
        Assert.Equal(gateway.ChargeMilli("speaker", booked.Usage), booked.Charged_Milli);
        Assert.True(booked.Charged_Milli > gateway.ChargeMilli("speaker", booked.Usage with
        {
            AudioInput = 0,
            AudioOutput = 0,
        }));
        await VerifiesAsync();
    }

    [Fact]
    public async Task Gemini_Spoken_IsChargedByClass()
    {
        await PriceAsync("gemini-speaker", "google-ai-studio", Heard);
        var (key, wallet) = await gateway.KeyAsync(10_000_000); // sound does not bound its tokens: the window is held
        using var answer = await gateway.PostAsync("/v1beta/models/gemini-speaker:generateContent", key, """
            {"contents":[{"role":"user","parts":[{"text":"Say it aloud, and then once more."},
               {"inlineData":{"mimeType":"audio/wav","data":"AAAA"}}]}],
             "generationConfig":{"maxOutputTokens":400,"responseModalities":["AUDIO"]}}
            """, "audio=5; tokens=40");
        Assert.Equal(200, (int)answer.StatusCode);

        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((5, 5, 40), (booked.Audio_Input, booked.Audio_Output, booked.Output));
        Assert.Equal(gateway.ChargeMilli("gemini-speaker", booked.Usage), booked.Charged_Milli);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"gpt-6-luna","messages":[],"modalities":["audio"]}""",
        "none for audio output")]
    [InlineData("/v1/chat/completions", """
        {"model":"gpt-6-luna","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{}}]}]}
        """, "none for audio input")]
    [InlineData("/v1/images/generations", """{"model":"gpt-6-luna","prompt":"a cat"}""", "none for image output")]
    public async Task Call_WithoutAPriceForIt_IsRefusedByName(string path, string body, string says)
    {
        var (key, wallet) = await gateway.KeyAsync(1_000_000);
        using var answer = await gateway.PostAsync(path, key, body);
        Assert.Equal(400, (int)answer.StatusCode);
        var error = JsonElement.Parse(await answer.Content.ReadAsStringAsync(Ct)).GetProperty("error");
        Assert.Equal("gateway.unpriced", error.GetProperty("code").GetString());
        Assert.Contains(says, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(await gateway.RecordsAsync(wallet, 0));
    }

    [Fact]
    public async Task Images_ByTheOfficialClient_AreChargedAsPictures()
    {
        await PriceAsync("painter", "openai", Heard);
        var (key, wallet) = await gateway.KeyAsync(10_000_000);
        var client = new OpenAIClient(
            new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, "v1") });
        GeneratedImageCollection made = await client.GetImageClient("painter").GenerateImagesAsync(
            "A cat on a ledger.", 2, new ImageGenerationOptions { Size = GeneratedImageSize.W1024xH1024 }, Ct);

        Assert.Equal(2, made.Count);
        Assert.NotEmpty(made[0].ImageBytes.ToArray());
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal((2 * 272, 2 * 272, 5), (booked.Output, booked.Image_Output, booked.Input));
        Assert.Equal(gateway.ChargeMilli("painter", booked.Usage), booked.Charged_Milli);
        Assert.Null(booked.Sent_Cap);
    }

    [Fact]
    public async Task Images_WalletBelowTheirMost_AreRefusedAndNotMadeSmaller()
    {
        await PriceAsync("painter-2", "openai", Heard);
        // 6,240 tokens at 30 USD a million are 0.1872 USD, 187,200 compute tokens.
        var (key, wallet) = await gateway.KeyAsync(187_000);
        using var answer = await gateway.PostAsync(
            "/v1/images/generations", key, """{"model":"painter-2","prompt":"a cat"}""");
        Assert.Equal(402, (int)answer.StatusCode);
        Assert.Empty(await gateway.RecordsAsync(wallet, 0));
    }

    [Fact]
    public async Task Images_WithoutUsage_AreEstimatedWithinTheirHold()
    {
        await PriceAsync("painter-3", "openai", Heard);
        var (key, wallet) = await gateway.KeyAsync(1_000_000);
        using var answer = await gateway.PostAsync(
            "/v1/images/generations", key, """{"model":"painter-3","prompt":"a cat"}""", "no-usage");
        Assert.Equal(200, (int)answer.StatusCode);
        var booked = Assert.Single(await gateway.RecordsAsync(wallet));
        Assert.Equal(2, booked.State);
        Assert.InRange(booked.Image_Output, 1, 6_240);
        Assert.Equal(booked.Output, booked.Image_Output);
    }

    private async Task VerifiesAsync()
    {
        await foreach (var finding in MeteringVerify.RunAsync(gateway.Db, null, Ct))
            Assert.Fail($"{finding.Table} {finding.Row}: {finding.Problem}");
    }
}
