using Guerdon.Terminal;
using Guerdon.Terminal.Parsing;
using Guerdon.Terminal.Tables;
using Guerdon.Terminal.Writing;

namespace Guerdon.Client.Sessions;

/// <summary><c>guerdon passkey list|remove</c>: which passkeys one's account has, and removing them. A browser adds
/// them.</summary>
public static class PasskeyVerbs
{
    internal sealed record Passkey(
        string Id, string Name, string Domain, bool IsBackedUp, DateTimeOffset AddedAt,
        DateTimeOffset? UsedAt = null);

    public static Verb BuildList() =>
        new Verb("list", "List the passkeys of your account.", "guerdon passkey list").Does(async (call, ct) =>
            call.Show(
                await call.GetAsync("Listing passkeys", "api/v1/passkeys", ct),
                SessionsJson.Default.PasskeyVerbsPasskeys, items =>
                {
                    if (items.Count == 0) call.Output.Note("You have none; the page Passkeys adds them.");
                    var table = new TextTable().Left("Passkey").Left("Name").Left("For").Left("Saved").Left("Added")
                        .Left("Last used");
                    foreach (var one in items)
                        table.Row(
                            one.Id, one.Name, one.Domain, one.IsBackedUp ? "elsewhere too" : "on one device",
                            Shown.Time(one.AddedAt), one.UsedAt is { } used ? Shown.Time(used) : "not yet");
                    call.Output.Table(table);
                    return ExitCodes.Done;
                }));

    public static Verb BuildRemove()
    {
        var id = Values.Id("PASSKEY", "psk", "guerdon passkey list");
        return new Verb(
            "remove", "Remove one of your passkeys: it opens nothing any more.",
            "guerdon passkey remove psk_01990f6c6a6e7b3f8f0e0c1d2e3f4a5b")
        {
            id,
        }.Does((call, ct) => SessionVerbs.EndAsync(
            call, $"api/v1/passkeys/{Uri.EscapeDataString(call.Value(id))}", call.Value(id),
            $"{call.Value(id)} is removed.", ct));
    }
}
