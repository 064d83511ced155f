using System.Security.Claims;
using Guerdon.Kernel;
using Guerdon.Storage;

namespace Guerdon.Identity.Audit;

/// <summary>An act as auditors see it, on a page and in a file alike. Ids are empty where there is none.</summary>
/// <param name="At">When, to the microsecond.</param>
/// <param name="Kind">One of <see cref="ActKinds"/>.</param>
/// <param name="Who">As their account is called; empty: nobody known.</param>
/// <param name="Account"><c>acc_…</c>.</param>
/// <param name="Person"><c>prs_…</c>, whose account it is.</param>
/// <param name="Means">session, token, schedule, local or nobody.</param>
/// <param name="SessionOrToken">Which.</param>
/// <param name="Roles">That they had then, with blanks between.</param>
/// <param name="Address">From where.</param>
/// <param name="Endpoint">As <c>POST /api/v1/plans</c>, <c>form approve of /admin/…</c>.</param>
/// <param name="Permission">By which right.</param>
/// <param name="Subject">What the address names.</param>
/// <param name="About">Of a look: <c>prs_…</c>, at whose; empty: at everybody's.</param>
/// <param name="Status">Of the answer; 0 for a write, which is noted before it.</param>
/// <param name="Times">How often within a minute.</param>
/// <param name="Request">All of one request share it.</param>
/// <param name="Act">Its own.</param>
/// <param name="Seq">Its place in the chain; null: it gets it within seconds.</param>
/// <param name="Changes">The first twenty rows: table, key, what was done and, for whoever may see everybody's pay, the
/// row's digest afterwards.</param>
public sealed record ActEntry(
    DateTimeOffset At, string Kind, string Who, string Account, string Person, string Means, string SessionOrToken,
    string Roles, string Address, string Endpoint, string Permission, string Subject, string About, int Status,
    long Times, string Request, string Act, long? Seq, IReadOnlyList<string> Changes)
{
    private const int DigestChars = 64; // SHA-256, hexadecimal

    internal static ActEntry Of(ActRow a, long? seq, IReadOnlyList<string> changes) => new(
        a.At, a.Kind, a.Who, Id("acc", a.AccountId), Id("prs", a.PersonId), a.Means, $"{a.MeansId:N}", a.Roles,
        a.Address, a.Endpoint, a.Permission, a.Subject, Id("prs", a.AboutId), a.Status, a.Times, $"{a.RequestId:N}",
        $"{a.ActId:N}", seq, changes);

    /// <summary>As somebody may see it. Who knows all else of a row of pay finds the amount by its digest, trying one
    /// after the other: digests are for those who may see pay.</summary>
    internal ActEntry For(ClaimsPrincipal reader) => Access.MayWithAll(reader, Permissions.PayRead)
        ? this : this with { Changes = [.. Changes.Select(WithoutDigest)] };

    private static string WithoutDigest(string change) =>
        change.LastIndexOf(' ') is var end && change.Length - end - 1 == DigestChars ? change[..end] : change;

    private static string Id(string kind, Guid? id) => id is { } value ? $"{kind}_{value:N}" : "";
}
