using System.Text.Json;
using Guerdon.Storage;

namespace Guerdon.OpenId.Providers;

/// <summary>What is read of providers, and how.</summary>
internal static class ProviderRows
{
    /// <summary>Where nodes hear that there is something new.</summary>
    public const string Channel = "openid_provider";

    private const string Columns = """
        select provider_id, name, label, issuer, client_id, secret, scopes, strangers, group_claim,
               group_roles::text as group_roles, asked_by, asked_by_account, asked_by_person, asked_at, decision,
               decided_by, decided_by_account, decided_by_person, decided_at, decided_alone, decided_reason, ended_at,
               ended_by
          from openid.provider
        """;

    /// <summary>$1: an id.</summary>
    public const string One = $"{Columns} where provider_id = $1";

    /// <summary>All in force.</summary>
    public const string InForce = $"{Columns} where decision = 'approved' and ended_at is null order by label, name";

    /// <summary>All that wait, at most $1.</summary>
    public const string Waiting = $"{Columns} where decision is null order by asked_at, provider_id limit $1";

    /// <summary>$1: a name, of which one is in force.</summary>
    public const string Named = $"{Columns} where name = $1 and decision = 'approved' and ended_at is null";

    /// <summary>$1: a name, of which one waits.</summary>
    public const string WaitingNamed = $"{Columns} where name = $1 and decision is null";

    /// <summary>$1: whether also those that were declined or have ended; the newest first.</summary>
    public const string All = $"""
        {Columns} where $1 or decision is null or (decision = 'approved' and ended_at is null)
         order by provider_id desc limit 200
        """;

    public static SignInProvider Of(Row row)
    {
        var (asker, decider) = (row.Actor("asked_by"), row.ActorOrNull("decided_by"));
        var ended = row.InstantOrNull("ended_at");
        var state = row.TextOrNull("decision") switch
        {
            null => SignInProvider.Waiting,
            "declined" => SignInProvider.Declined,
            _ => ended is null ? SignInProvider.InForce : SignInProvider.Ended,
        };
        return new(
            row.Id<SignInProviderId>("provider_id"), row.Text("name"), row.Text("label"), row.Text("issuer"),
            row.Text("client_id"), !row.IsNull("secret"), row.Get<string[]>("scopes"), row.Text("strangers"),
            row.TextOrNull("group_claim"),
            JsonSerializer.Deserialize<List<GroupRule>>(row.Text("group_roles"), JsonSerializerOptions.Web)!,
            asker.Name, row.Instant("asked_at"), state, decider?.Name, row.InstantOrNull("decided_at"),
            row.Bool("decided_alone"), row.TextOrNull("decided_reason"), ended, row.TextOrNull("ended_by"))
        {
            Asker = asker, Decider = decider, Secret = row.BytesOrNull("secret"),
        };
    }
}
