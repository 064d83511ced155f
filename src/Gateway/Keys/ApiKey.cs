using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Guerdon.Kernel;
using Guerdon.Ledger;

namespace Guerdon.Gateway.Keys;

/// <summary>A personal key's id: known to its owner and in logs, unlike the key.</summary>
[JsonConverter(typeof(IdConverter<KeyId>))]
public readonly record struct KeyId(Guid Value) : IId<KeyId>
{
    public static string Prefix => "key";
    public static KeyId From(Guid value) => new(value);
    public static bool TryParse(string? text, out KeyId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>A personal key as the gateway knows it: what it opens, not the key itself.</summary>
public sealed class ApiKey
{
    /// <summary>So that a key is known on sight, by people and by secret scanners.</summary>
    public const string Prefix = "sk-guerdon-";

    private const int SecretBytes = 32;

    public required KeyId Id { get; init; }
    public required WalletId Wallet { get; init; }

    /// <summary>Models it may call; null: all.</summary>
    public IReadOnlySet<string>? Models { get; init; }

    /// <summary>The most it may ever spend; null: as far as the wallet goes.</summary>
    public Tokens? Budget { get; init; }

    /// <summary>From then on it is refused, since the key expires or since its owner has left; null: never.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>The owner's last day of employment; null: none is known.</summary>
    public DateOnly? OwnersLastDay { get; init; }

    /// <summary>When the owner's access ends; null: not as far as is known.</summary>
    public DateTimeOffset? OwnerEndsAt { get; init; }

    public bool MayCall(string model) => Models is null || Models.Contains(model);

    /// <summary>A new key: 256 random bits, so that a plain hash of it cannot be searched.</summary>
    public static string Make() =>
        Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes)).TrimEnd('=').Replace('+', '-')
            .Replace('/', '_');

    /// <summary>Whether a text can be a key at all; the rest need not be looked up.</summary>
    public static bool HasForm(string presented) =>
        presented.StartsWith(Prefix, StringComparison.Ordinal) && presented.Length is > 40 and < 80;

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
