using System.Text.Json;
using Guerdon.Dialects.Readings;
using Guerdon.Kernel;
using Guerdon.Pricing.Costing;
using Microsoft.AspNetCore.Http;

namespace Guerdon.Dialects.Calls;

/// <summary>
/// All that sets the calls of one kind of provider apart: (1) its paths, (2) how callers and providers are known and
/// called, (3) how a request is read and bounded, (4) how an answer is read, (5) how it words refusals and lists of
/// models. Each dialect is one folder with one class of this type; <c>KnownDialects</c> lists them. What has a
/// value here is so in most dialects; what has none, each must say.
/// </summary>
public abstract class Dialect
{
    /// <summary>As settings, the database and people call it.</summary>
    public abstract string Name { get; }

    public sealed override string ToString() => Name;

    // 1. Paths

    /// <summary>The calls that are forwarded.</summary>
    public abstract IReadOnlyList<Api> Apis { get; }

    /// <summary>Where its paths begin. Whatever else is below them is refused and never passed on.</summary>
    public abstract IReadOnlyList<string> Roots { get; }

    /// <summary>Routes to calls whose path names the model, in a last segment that is called <c>call</c>.</summary>
    public virtual IReadOnlyList<string> CallRoutes => [];

    /// <summary>The call that such a segment names, or why it is not served.</summary>
    public virtual Result<PathCall> ReadPath(HttpRequest request, string segment) =>
        DialectRefusals.PathNotServed.With($"{request.Method} {request.Path} is not served.");

    /// <summary>The route to the list of models.</summary>
    public abstract string ModelsRoute { get; }

    /// <summary>The route to one model, which is called <c>id</c>.</summary>
    public abstract string ModelRoute { get; }

    /// <summary>Why a query of a request for models is not served, or null.</summary>
    public virtual Refused? CheckQuery(IQueryCollection query) => null;

    /// <summary>It has files and fine-tuning jobs that Guerdon serves.</summary>
    public virtual bool HasTuning => false;

    // 2. Callers and providers

    /// <summary>Whether a request is in this dialect, by its path or its headers. One that no dialect claims is in the
    /// first of the list.</summary>
    public abstract bool IsSpokenIn(HttpRequest request);

    /// <summary>The header that a provider takes its key in.</summary>
    public abstract string KeyHeader { get; }

    /// <summary>The headers that callers' tools send a key in.</summary>
    public virtual IReadOnlyList<string> CallerKeyHeaders => [KeyHeader];

    /// <summary>A provider's key as <see cref="KeyHeader"/> has it.</summary>
    public virtual string Credentials(string key) => key;

    /// <summary>The header that a call is found by at the provider's.</summary>
    public virtual string RequestIdHeader => "x-request-id";

    /// <summary>What can be asked of a provider that costs nothing.</summary>
    public virtual string ProbePath => ModelsRoute;

    /// <summary>A header that such a request needs; null: none.</summary>
    public virtual (string Name, string Value)? ProbeHeader => null;

    /// <summary>Makes an answer's status 401 where the provider refuses its key by another.</summary>
    public virtual ValueTask CorrectAsync(HttpResponseMessage response, CancellationToken ct) => default;

    // 3. Requests

    /// <summary>Reads a body, or says what is wrong with it and where.</summary>
    /// <param name="api">One of <see cref="Apis"/>.</param>
    /// <param name="model">The model that the path names; null where paths do not.</param>
    /// <param name="body">As it came.</param>
    /// <param name="rules">What reading depends on beside it.</param>
    public abstract Result<CallFacts> ReadCall(Api api, string? model, ReadOnlySpan<byte> body, ReadingRules rules);

    /// <summary>The tools that a provider may run by itself, as far as they are known.</summary>
    public abstract IEnumerable<HostedRule> HostedTools { get; }

    /// <summary>What a tool's <c>type</c> means, which the reader stands on; null where nobody knows.</summary>
    public virtual (ToolKind Kind, HostedRule? Rule)? ToolOf(in StrictJson json) => null;

    /// <summary>The same tool by what its model's row has a fee for.</summary>
    public virtual HostedCall ByFee(HostedCall call, Price price) => call;

    /// <summary>The header that names betas; null: none does.</summary>
    public virtual string? BetaHeader => null;

    /// <summary>The largest window that betas ask for by name, in tokens; 0: none.</summary>
    public virtual long WindowIn(string? betas) => 0;

    /// <summary>Models answer in whatever media they are made for, unless the body says in which.</summary>
    public virtual bool AnswersInAnyMedia => false;

    /// <summary>The most tokens that a picture takes, where the row is of this dialect's own maker; null: it is not.
    /// </summary>
    public virtual long? PictureTokens(Price price) => null;

    /// <summary>Models of this call search before each answer, whether the body asks for it or not.</summary>
    public virtual bool IsMadeToSearch(Api api, Price price) => false;

    /// <summary>Nothing that can be sent bounds what a model of this call searches or runs.</summary>
    public virtual bool IsUnbounded(Api api, Price price) => false;

    // 4. Answers

    /// <summary>The member that has the usage, with its quotes: what the end of a long answer is searched for.
    /// </summary>
    public abstract ReadOnlySpan<byte> UsageMember { get; }

    /// <summary>Reads the usage of a whole answer, on whose first brace the reader stands.</summary>
    public abstract void ReadUsage(ref Utf8JsonReader json, ref UsageReading reading);

    /// <summary>Reads a whole answer.</summary>
    /// <returns>True where it has counted what was delivered, too.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public abstract bool ReadBody(ReadOnlySpan<byte> body, ref UsageReading reading);

    /// <summary>Reads one event's data.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public abstract EventKind ReadEvent(ReadOnlySpan<byte> data, ref UsageReading reading);

    /// <summary>The input that an answer told, each token in one class. Most count cached and written tokens inside the
    /// input; parts that are larger than it are cut to it.</summary>
    public virtual Usage InputOf(in UsageReading reading)
    {
        var cached = Math.Min(reading.CacheRead, reading.Input);
        var written = Math.Min(reading.CacheWrite, reading.Input - cached);
        return new Usage(reading.Input - cached - written + reading.ToolInput, cached, written, 0, 0, 0);
    }

    /// <summary>The runs of models that an answer was made of, where it tells its iterations.</summary>
    public virtual IReadOnlyList<Run> RunsOf(in UsageReading reading) => [];

    /// <summary>Code that sifts what searches find runs without a fee.</summary>
    public virtual bool SiftsForFree => false;

    // 5. Refusals and models

    /// <summary>A refusal as the dialect's own provider words it, in JSON.</summary>
    /// <param name="refused">What is refused, and why.</param>
    /// <param name="requestId">To find it by.</param>
    /// <param name="isElement">The caller reads an array: see <see cref="ReadsArray"/>.</param>
    public abstract byte[] ErrorBody(Refused refused, string requestId, bool isElement);

    /// <summary>Whether the answer to a request, and so a refusal, is an element of an array.</summary>
    public virtual bool ReadsArray(HttpRequest request) => false;

    /// <summary>A refusal as the last event of a stream that has begun.</summary>
    /// <param name="api">What was called.</param>
    /// <param name="refused">What is said.</param>
    /// <param name="requestId">To find it by.</param>
    /// <param name="events">How many events went before it.</param>
    public abstract byte[] ErrorEvent(Api api, Refused refused, string requestId, int events);

    /// <summary>Writes the list of models, as one object.</summary>
    public abstract void WriteModels(Utf8JsonWriter json, IReadOnlyList<Price> models);

    /// <summary>Writes one model, as an object.</summary>
    public abstract void WriteModel(Utf8JsonWriter json, Price model);
}
