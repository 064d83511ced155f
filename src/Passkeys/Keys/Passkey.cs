using System.Text.Json.Serialization;
using Guerdon.Kernel;

namespace Guerdon.Passkeys.Keys;

/// <summary>A passkey of an account.</summary>
[JsonConverter(typeof(IdConverter<PasskeyId>))]
public readonly record struct PasskeyId(Guid Value) : IId<PasskeyId>
{
    public static string Prefix => "psk";
    public static PasskeyId From(Guid value) => new(value);
    public override string ToString() => Id.Format(this);
}

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Id">To name or remove it by.</param>
/// <param name="Name">As its owner calls it.</param>
/// <param name="Domain">For which name of the server it was made; it opens nothing under another.</param>
/// <param name="IsBackedUp">Whether its device says that it is saved elsewhere too, such as in a password manager.
/// </param>
/// <param name="AddedAt">When.</param>
/// <param name="UsedAt">When it was last used; null: not yet.</param>
public sealed record Passkey(
    PasskeyId Id, string Name, string Domain, bool IsBackedUp, DateTimeOffset AddedAt, DateTimeOffset? UsedAt);
