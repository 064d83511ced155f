using Guerdon.OpenId.Providers;
using Guerdon.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guerdon.OpenId.Wire;

/// <summary>A button of the page of sign-in.</summary>
/// <param name="Name">In addresses.</param>
/// <param name="Label">On it.</param>
public sealed record SignInButton(string Name, string Label);

/// <summary>The providers that this node signs people in with: those in force, read before the first request and again
/// whenever a node changes one. What stays as it is keeps what it knows of itself.</summary>
public sealed class LiveProviders : WatchedValue
{
    private readonly NpgsqlDataSource _db;
    private readonly ProviderSecrets _secrets;
    private readonly HandlerParts _parts;
    private volatile IReadOnlyList<LiveProvider> _all = [];

    internal LiveProviders(
        NpgsqlDataSource db, ProviderSecrets secrets, HandlerParts parts, ILogger<LiveProviders> log)
        : base(ProviderRows.Channel, TimeSpan.FromSeconds(30), parts.Clock, log) =>
        (_db, _secrets, _parts) = (db, secrets, parts);

    /// <summary>Buttons, by their labels.</summary>
    public IReadOnlyList<SignInButton> Buttons =>
        [.. _all.Select(one => new SignInButton(one.Row.Name, one.Row.Label))];

    internal LiveProvider? Find(string name) => _all.FirstOrDefault(one => one.Row.Name == name);

    /// <summary>Reads them now, where this node itself has changed them.</summary>
    public Task ReloadAsync(CancellationToken ct) => ReadAsync(ct);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ReadAsync(CancellationToken ct)
    {
        var rows = await _db.ReadAsync(ProviderRows.InForce, ProviderRows.Of, [], ct);
        var had = _all;
        // Settings never change: others have another id. Replaced ones are not disposed of, since somebody may be on
        // their way back; they have nothing that must be.
        _all = [.. rows.Select(row => had.FirstOrDefault(one => one.Row.Id == row.Id) ?? Make(row))];
    }

    internal LiveProvider Make(SignInProvider row) => new(row, _secrets.Unseal(row), _parts);
}
