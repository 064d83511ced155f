using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Stipend.Kernel;
using Stipend.Ledger;

namespace Stipend.Gateway;

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
internal sealed class ApiKey
{
    /// <summary>So that a key is known on sight, by people and by secret scanners.</summary>
    public const string Prefix = "sk-stipend-";

    private const int SecretBytes = 32;

    public required KeyId Id { get; init; }
    public required WalletId Wallet { get; init; }

    /// <summary>Models it may call; null: all.</summary>
    public IReadOnlySet<string>? Models { get; init; }

    /// <summary>The most it may ever spend; null: as far as the wallet goes.</summary>
    public Tokens? Budget { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What requests of this key have cost and hold at this moment; see <see cref="KeyBudget"/>.</summary>
    public KeyBudget? Spending { get; init; }

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

/// <summary>
/// What a key with a budget of its own has spent and holds. Kept in memory per node, from the journal when the key is
/// first seen: exact on one node; with several, each may pass the budget by what the others have in flight.
/// </summary>
internal sealed class KeyBudget(Tokens limit, Tokens spent)
{
    private readonly Lock gate = new();
    private long usedMilli = spent.Milli;
    private int open; // holds that are not settled

    /// <summary>Whether nothing is held of it at this moment.</summary>
    public bool IsIdle
    {
        get { lock (gate) return open == 0; }
    }

    public Tokens Left
    {
        get { lock (gate) return new(Math.Max(0, limit.Milli - usedMilli)); }
    }

    /// <returns>False where it would pass the limit; then nothing is held.</returns>
    public bool TryHold(Tokens amount)
    {
        lock (gate)
        {
            if (usedMilli + amount.Milli > limit.Milli) return false;
            usedMilli += amount.Milli;
            open++;
            return true;
        }
    }

    /// <summary>Replaces a hold by what the request was charged.</summary>
    public void Settle(Tokens held, Tokens charged)
    {
        lock (gate)
        {
            usedMilli += charged.Milli - held.Milli;
            open--;
        }
    }
}
