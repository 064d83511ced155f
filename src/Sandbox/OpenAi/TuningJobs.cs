using System.Text;
using System.Text.Json;
using Guerdon.Sandbox.Replies;
using Guerdon.Sandbox.State;
using Guerdon.Sandbox.Wire;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Sandbox.OpenAi;

/// <summary>/v1/fine_tuning/jobs: jobs that run for a set time and then are over.</summary>
internal static class TuningJobs
{
    private const int AutoEpochs = 3;
    private const int MaxPage = 100;
    private const int Page = 20;

    /// <summary>POST. <c>cut</c> creates the job and drops the connection; <c>status</c> creates nothing.</summary>
    public static async Task<Fault?> Create(HttpContext http, SandboxState state)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var root = body.RootElement;
        if (root.Text("model") is not { } model) return Fault.Invalid("you must provide a model parameter", "model");
        if (Models.ModelList.IsUnknown(model)) return Models.ModelList.NotFound(model, Provider.OpenAi);
        if (state.Tuning.File(root.Text("training_file")) is not { } file)
            return Fault.Invalid($"file {root.Text("training_file")} does not exist", "training_file");

        var suffix = root.Text("suffix");
        var faults = Directives.FromText(Encoding.UTF8.GetBytes(suffix ?? ""), Directives.None);
        var header = http.Request.Headers[Directives.Header].ToString();
        if (header.Length > 0 && !Directives.TryParse(header, faults, out faults, out var unknown))
            return Fault.Invalid($"{Directives.Header}: unknown directive or value '{unknown}'.");
        if (faults.LatencyMs > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(faults.LatencyMs), state.Clock, http.RequestAborted);
        if (faults.Status is { } status) return Fault.ForStatus(status);

        var metadata = root.Get("metadata").ValueKind is JsonValueKind.Object
            ? root.Get("metadata").EnumerateObject().ToDictionary(m => m.Name, m => m.Value.ToString())
            : [];
        var run = state.Tuning.Start(model, file, Epochs(root), suffix, metadata, faults);
        await Send(http, state, run, faults);
        return null;
    }

    public static async Task<Fault?> Get(HttpContext http, SandboxState state)
    {
        if (state.Tuning.Run(Id(http)) is not { } run) return NoSuch(http);
        await Send(http, state, run, Directives.None);
        return null;
    }

    public static async Task<Fault?> Cancel(HttpContext http, SandboxState state)
    {
        if (state.Tuning.Cancel(Id(http)) is not { } run) return NoSuch(http);
        await Send(http, state, run, Directives.None);
        return null;
    }

    /// <summary>DELETE, which OpenAI has not: the job is forgotten.</summary>
    public static async Task<Fault?> Forget(HttpContext http, SandboxState state)
    {
        if (!state.Tuning.Forget(Id(http))) return NoSuch(http);
        await SendList<TuningRun>(http, [], false, static (_, _) => { });
        return null;
    }

    public static Task List(HttpContext http, SandboxState state)
    {
        var now = state.Clock.GetUtcNow();
        var limit = int.TryParse(http.Request.Query["limit"], out var asked) ? Math.Clamp(asked, 1, MaxPage) : Page;
        var after = http.Request.Query["after"].ToString();
        var runs = state.Tuning.Runs().SkipWhile(r => after.Length > 0 && r.Id != after);
        List<TuningRun> page = [.. runs.Skip(after.Length > 0 ? 1 : 0).Take(limit + 1)];
        return SendList(http, [.. page.Take(limit)], page.Count > limit, (json, run) => Write(json, (run, now)));
    }

    public static async Task<Fault?> Events(HttpContext http, SandboxState state)
    {
        if (state.Tuning.Run(Id(http)) is not { } run) return NoSuch(http);
        string[] said = run.IsOver(state.Clock.GetUtcNow())
            ? [$"Job {run.Status(state.Clock.GetUtcNow())}", "Job started"] : ["Job started"];
        await SendList(http, said, false, (json, message) =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "fine_tuning.job.event"u8);
            json.WriteString("id"u8, $"ftevent-{Prompts.Seed.Of(run.Id + message, Prompts.Seed.Start):x16}");
            json.WriteNumber("created_at"u8, run.CreatedAt.ToUnixTimeSeconds());
            json.WriteString("level"u8, "info"u8);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, "message"u8);
            json.WriteEndObject();
        });
        return null;
    }

    private static int Epochs(JsonElement root)
    {
        var hyper = root.Get("method").Get("supervised").Get("hyperparameters");
        if (!hyper.IsSet()) hyper = root.Get("hyperparameters");
        return hyper.Get("n_epochs") is { ValueKind: JsonValueKind.Number } epochs && epochs.TryGetInt32(out var number)
            ? number : AutoEpochs;
    }

    private static Task Send(HttpContext http, SandboxState state, TuningRun run, Directives faults) =>
        JsonReply.Send(http, 200, faults, (run, state.Clock.GetUtcNow()), Write);

    private static Task SendList<T>(
        HttpContext http, IReadOnlyList<T> items, bool hasMore, Action<Utf8JsonWriter, T> write) =>
        JsonReply.Send(http, 200, Directives.None, (items, hasMore, write), static (json, list) =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var item in list.items) list.write(json, item);
            json.WriteEndArray();
            json.WriteBoolean("has_more"u8, list.hasMore);
            json.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter json, (TuningRun Run, DateTimeOffset Now) seen)
    {
        var (run, now) = seen;
        json.WriteStartObject();
        json.WriteString("object"u8, "fine_tuning.job"u8);
        json.WriteString("id"u8, run.Id);
        json.WriteString("model"u8, run.Model);
        json.WriteNumber("created_at"u8, run.CreatedAt.ToUnixTimeSeconds());
        if (run.IsOver(now)) json.WriteNumber("finished_at"u8, (run.CancelledAt ?? run.EndsAt).ToUnixTimeSeconds());
        else json.WriteNull("finished_at"u8);
        json.WriteTextOrNull("fine_tuned_model"u8, run.TunedModel(now));
        json.WriteString("organization_id"u8, "org-sandbox"u8);
        json.WriteStartArray("result_files"u8);
        json.WriteEndArray();
        json.WriteString("status"u8, run.Status(now));
        json.WriteNull("validation_file"u8);
        json.WriteString("training_file"u8, run.File.Id);
        WriteHyperparameters(json, run);
        if (run.Trained(now) is { } trained) json.WriteNumber("trained_tokens"u8, trained);
        else json.WriteNull("trained_tokens"u8);
        WriteError(json, run.Status(now) == "failed");
        json.WriteNumber("seed"u8, 1);
        json.WriteStartArray("integrations"u8);
        json.WriteEndArray();
        json.WriteStartObject("metadata"u8);
        foreach (var (name, value) in run.Metadata) json.WriteString(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteHyperparameters(Utf8JsonWriter json, TuningRun run)
    {
        json.WriteStartObject("hyperparameters"u8);
        json.WriteNumber("n_epochs"u8, run.Epochs);
        json.WriteNumber("batch_size"u8, 1);
        json.WriteNumber("learning_rate_multiplier"u8, 1);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, bool hasFailed)
    {
        if (!hasFailed)
        {
            json.WriteNull("error"u8);
            return;
        }

        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, "invalid_training_file"u8);
        json.WriteString("message"u8, "The sandbox was asked to fail this job."u8);
        json.WriteString("param"u8, "training_file"u8);
        json.WriteEndObject();
    }

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;

    private static Fault NoSuch(HttpContext http) =>
        new(404, $"Could not find fine tune: {Id(http)}", "fine_tune_not_found", "fine_tune_id");
}
