using Guerdon.Kernel;
using Guerdon.Pricing.Costing;

namespace Guerdon.Dialects.Calls;

// What is done with each member is listed in this part, so that it is seen at a glance, whatever a
// provider calls the member.
internal ref partial struct CallReader
{
    private delegate Refused? Taker(ref CallReader reader, string name);

    // In the order of Member, since its numbers are the index.
    private static readonly Taker[] Takers = InOrder(
        (Member.Known, static (ref reader, _) => reader.Pass()),
        (Member.Free, static (ref reader, _) => reader.PassUnread()),
        (Member.Worded, static (ref reader, _) => reader.TakeWorded()),
        (Member.OutputConfig, static (ref reader, _) => reader.TakeOutputConfig()),
        (Member.Model, static (ref reader, _) => reader.TakeModel()),
        (Member.Content, static (ref reader, name) => reader.TakeContent(name)),
        (Member.System, static (ref reader, _) => reader.TakeSystem()),
        (Member.Stream, static (ref reader, name) => reader.TakeStream(name)),
        (Member.StreamOptions, static (ref reader, _) => reader.TakeStreamOptions()),
        (Member.Cap, static (ref reader, name) => reader.TakeCap(Member.Cap, name)),
        (Member.OldCap, static (ref reader, name) => reader.TakeCap(Member.OldCap, name)),
        (Member.Choices, static (ref reader, _) => reader.TakeChoices()),
        (Member.Tools, static (ref reader, name) => reader.TakeTools(name)),
        (Member.Functions, static (ref reader, name) => reader.TakeTools(name)),
        (Member.Thinking, static (ref reader, _) => reader.TakeThinking()),
        (Member.CacheControl, static (ref reader, _) => reader.TakeCacheControl()),
        (Member.Background, static (ref reader, name) => reader.TakeBackground(name)),
        (Member.ServiceTier, static (ref reader, name) => reader.TakeTier(name)),
        (Member.Speed, static (ref reader, name) => reader.TakeSpeed(name)),
        (Member.Geography, static (ref reader, name) => reader.TakeGeography(name)),
        (Member.Modalities, static (ref reader, _) => reader.TakeModalities()),
        (Member.Audio, static (ref reader, _) => reader.TakeAudio()),
        (Member.PartialImages, static (ref reader, _) => reader.TakePartialImages()),
        (Member.Size, static (ref reader, name) => reader.TakeSize(name)),
        (Member.MaxToolCalls, static (ref reader, name) => reader.TakeCap(Member.MaxToolCalls, name)),
        (Member.Search, static (ref reader, _) => reader.TakeSearch()),
        (Member.Thoughts, static (ref reader, name) => reader.TakeThoughts(name)),
        (Member.ThinkingSwitch, static (ref reader, name) => reader.TakeThinkingSwitch(name)),
        (Member.ThinkingBudget, static (ref reader, name) => reader.TakeThinkingBudget(name)),
        (Member.Servers, static (ref reader, _) => reader.TakeServers()),
        (Member.Fallbacks, static (ref reader, name) => reader.TakeFallbacks(name)),
        (Member.Contexts, static (ref reader, _) => reader.TakeContexts()),
        (Member.Compaction, static (ref reader, _) => reader.TakeCompaction()),
        (Member.Prediction, static (ref reader, _) => reader.TakePrediction()),
        (Member.Reasoning, static (ref reader, _) => reader.TakeReasoning()),
        (Member.Moderation, static (ref reader, _) => reader.TakeModeration()),
        (Member.Betas, static (ref reader, name) => reader.TakeBetas(name)),
        (Member.Beyond, static (ref reader, _) => reader.TakeBeyond()),
        (Member.Unbounded, static (ref reader, _) => reader.TakeUnbounded()),
        (Member.OtherModel, static (ref reader, _) => reader.TakeOtherModel()));

    private static Taker[] InOrder(params (Member Member, Taker Taker)[] rows)
    {
        var takers = rows.ToDictionary(row => row.Member, row => row.Taker);
        return [.. Enum.GetValues<Member>().Order().Select(member => takers[member])];
    }

    // It passes, since it changes no price; but models' names in it must be found.
    private Refused? Pass()
    {
        _rules.NameNoModel(ref _json);
        return null;
    }

    private Refused? PassUnread()
    {
        _json.Skip();
        return null;
    }

    private Refused? TakeSystem()
    {
        ContentScan.Content(ref _json, ref _facts, _rules);
        return null;
    }

    private Refused? TakeCacheControl()
    {
        _facts.HasCacheControl |= _json.IsSet;
        return Pass();
    }

    private Refused? TakeBeyond()
    {
        _facts.ReadsBeyondBody |= _json.IsSet;
        return Pass();
    }

    private Refused? TakeCompaction()
    {
        _facts.Compacts |= _json.IsSet;
        return Pass();
    }

    // How it is to sound, which only spoken answers need.
    private Refused? TakeAudio()
    {
        if (_json.IsSet) _facts.Asked |= Media.AudioOutput;
        return Pass();
    }

    private Refused? TakeBackground(string name)
    {
        if (Bool(name, out var background) is { } wrong) return wrong;
        return background
            ? DialectRefusals.Unmetered.With("'background' answers before the model has worked.")
            : null;
    }

    private Refused? TakeSearch()
    {
        TakeHosted(HostedRules.ChatSearch);
        return TakeSearchOptions();
    }

    private Refused? TakeServers()
    {
        TakeHosted(HostedRules.RemoteServers);
        return Pass();
    }

    private void TakeHosted(HostedRule rule)
    {
        if (_json.IsSet && !IsEmptyArray()) (_facts.Hosted ??= []).Add(new HostedCall(rule, _json.Start));
    }

    private Refused? TakeUnbounded()
    {
        if (!_json.IsSet || _json.TokenType == System.Text.Json.JsonTokenType.False) return Pass();
        _json.Refuse(DialectRefusals.Unbounded, _json.Start,
            "{0} leads to searches, tools or models that the body does not show.");
        return _json.Fault;
    }

    private Refused? TakeOtherModel()
    {
        if (!_json.IsSet) return Pass();
        ReadingRules.RefuseModel(ref _json, _json.Start);
        return _json.Fault;
    }
}
