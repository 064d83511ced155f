using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Threading.Channels;
using Guerdon.Identity.Sessions;
using Guerdon.Kernel;
using Guerdon.Ledger;
using Guerdon.Metering.Requests;
using Guerdon.People;
using Guerdon.People.Employees;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Guerdon.Web.Wallets;

/// <summary>
/// Tells an open page that its wallet moved; the page then reads itself again. Bookings of this node are heard of at
/// once, those of others, and grants, within <see cref="LookEvery"/>. It ends with its reader's last day, with the
/// session that it was opened in, and at once where their access is ended.
/// </summary>
internal static class LiveWallet
{
    // Not more often, since a person reads no faster and a busy agent books many requests a second.
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(3);

    /// <summary>What a stream is made from.</summary>
    internal sealed record Sources(
        NpgsqlDataSource Db, RequestJournal Journal, AccessEnds Ends, TimeProvider Clock, IHostApplicationLifetime Host,
        OpenSessions Sessions, PeopleDirectory People);

    public static async Task<Results<ServerSentEventsResult<string>, NotFound, ProblemHttpResult>> Handle(
        string wallet, ClaimsPrincipal caller, [AsParameters] Sources sources, LiveStreams streams, HttpContext context)
    {
        var people = sources.People;
        if (!WalletId.TryParse(wallet, out var id) || !await Readable.MayAsync(
            caller, Permissions.WalletsRead, new(id.Value), people, context.RequestAborted))
            return TypedResults.NotFound();
        if (streams.TryOpen(Actor.Of(caller), context) is { } no) return no.ToProblem();
        return TypedResults.ServerSentEvents(
            ChangesAsync(new(id, caller), sources, context.RequestAborted));
    }

    private readonly record struct Watched(WalletId Wallet, ClaimsPrincipal Reader);

    private static async IAsyncEnumerable<SseItem<string>> ChangesAsync(
        Watched watched, Sources sources, [EnumeratorCancellation] CancellationToken ct)
    {
        var (db, journal, ends, clock, host, sessions, _) = sources;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(host.ApplicationStopping, ct);
        var booked = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Hear(IReadOnlyCollection<WalletId> wallets)
        {
            if (wallets.Contains(watched.Wallet)) booked.Writer.TryWrite(true);
        }

        void Reread(IReadOnlySet<PersonId> people)
        {
            if (Access.PersonOf(watched.Reader) is { } reader && people.Contains(new(reader)))
                booked.Writer.TryWrite(true);
        }

        journal.Booked += Hear;
        ends.Changed += Reread;
        try
        {
            var seen = "";
            while (!either.IsCancellationRequested)
            {
                var now = await WalletReads.VersionAsync(
                    db, watched.Wallet, Access.PersonOf(watched.Reader), clock.GetUtcNow(), either.Token);
                if (now is null) break; // the reader has left
                if (!await sessions.IsStillOpenAsync(watched.Reader, either.Token)) break;
                // The first one is told too, since the wallet may have moved between the page and this call.
                yield return new SseItem<string>(now == seen ? "same" : "moved", "wallet");
                seen = now;
                if (!await WaitAsync(booked.Reader, clock, either.Token)) break;
            }
        }
        finally
        {
            journal.Booked -= Hear;
            ends.Changed -= Reread;
        }
    }

    private static async Task<bool> WaitAsync(ChannelReader<bool> booked, TimeProvider clock, CancellationToken ct)
    {
        try
        {
            await Task.Delay(AtMostEvery, clock, ct);
            using var look = new CancellationTokenSource(LookEvery, clock);
            using var first = CancellationTokenSource.CreateLinkedTokenSource(ct, look.Token);
            await booked.ReadAsync(first.Token);
        }
        catch (OperationCanceledException)
        {
            return !ct.IsCancellationRequested; // otherwise nothing was booked here: look for what others did
        }

        return true;
    }
}
