using System.Diagnostics;
using System.Text.Json;

namespace Stipend.Database.Gateway;

/// <summary>
/// Google's own JavaScript SDK, pointed at the gateway: it must not notice the report in the last chunk. Skipped where
/// there is no Node or npm cannot get the package.
/// </summary>
public sealed class GoogleSdkTests(GatewayServer gateway) : IClassFixture<GatewayServer>
{
    private const string Package = "@google/genai@2.32.0"; // the last before Node 22
    private static readonly TimeSpan InstallWithin = TimeSpan.FromMinutes(2);

    private const string Script = """
        import { GoogleGenAI } from '@google/genai';
        const [address, key] = process.argv.slice(2);
        const at = apiKey => new GoogleGenAI({ apiKey, httpOptions: { baseUrl: address } });
        const ai = at(key);
        const model = 'gemini-3.8-flash';
        const asked = { model, contents: 'Explain the plan.', config: {
          systemInstruction: 'Be brief.', maxOutputTokens: 900, thinkingConfig: { thinkingBudget: 64 } } };
        const whole = await ai.models.generateContent(asked);
        let text = '', chunks = [];
        for await (const chunk of await ai.models.generateContentStream(asked)) {
          chunks.push(chunk);
          text += chunk.text ?? '';
        }
        const chat = ai.chats.create({ model });
        for await (const chunk of await chat.sendMessageStream({ message: 'Hello' })) ;
        const tool = await ai.models.generateContent({ model, contents: 'Look it up. [tool]', config: { tools: [
          { functionDeclarations: [{ name: 'look_up', parameters: { type: 'OBJECT', properties: {} } }] }] } });
        const models = [];
        for await (const listed of await ai.models.list()) models.push(listed.name);
        let refused;
        try { await at('nobody').models.generateContent(asked); } catch (e) { refused = e.status; }
        console.log(JSON.stringify({
          whole: whole.text, streamed: text, usage: whole.usageMetadata, last: chunks.at(-1).usageMetadata,
          reported: chunks.some(c => 'stipend' in c), history: chat.getHistory().length,
          call: tool.functionCalls[0].name, models, refused,
          counted: (await ai.models.countTokens({ model, contents: 'Hi' })).totalTokens,
          found: (await ai.models.get({ model })).name,
        }));
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task JavaScriptSdk_AnswersStreamsCountsAndLists()
    {
        var folder = await InstalledAsync();
        var (key, wallet) = await gateway.KeyAsync(50_000_000);
        var script = Path.Combine(folder, $"{Guid.NewGuid():n}.mjs");
        await File.WriteAllTextAsync(script, Script, Ct);
        var (code, output, errors) = await RunAsync("node", folder, script, gateway.Address.AbsoluteUri, key);
        File.Delete(script);

        Assert.True(code == 0, errors);
        var said = JsonElement.Parse(output);
        Assert.NotEmpty(said.GetProperty("whole").GetString()!);
        Assert.Equal(said.GetProperty("whole").GetString(), said.GetProperty("streamed").GetString());
        Assert.Equal(said.GetProperty("usage").GetRawText(), said.GetProperty("last").GetRawText());
        Assert.True(said.GetProperty("usage").GetProperty("thoughtsTokenCount").GetInt64() > 0);
        Assert.False(said.GetProperty("reported").GetBoolean());
        Assert.Equal(2, said.GetProperty("history").GetInt32());
        Assert.Equal("look_up", said.GetProperty("call").GetString());
        Assert.Contains(
            "models/gemini-2.5-pro", said.GetProperty("models").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal("models/gemini-3.8-flash", said.GetProperty("found").GetString());
        Assert.True(said.GetProperty("counted").GetInt64() > 0);
        Assert.Equal(401, said.GetProperty("refused").GetInt32());
        Assert.Equal(4, (await gateway.RecordsAsync(wallet, 4)).Count);
    }

    private static async Task<string> InstalledAsync()
    {
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../google-sdk"));
        if (Directory.Exists(Path.Combine(folder, "node_modules/@google/genai"))) return folder;

        Directory.CreateDirectory(folder);
        try
        {
            var (code, _, errors) = await RunAsync(
                "npm", folder, "install", "--prefix", ".", "--ignore-scripts", "--no-audit", "--no-fund", Package);
            Assert.SkipUnless(code == 0, $"npm cannot install {Package}: {errors}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Skip($"There is no npm: {e.Message}");
        }

        return folder;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(
        string program, string folder, params string[] arguments)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(InstallWithin);
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
