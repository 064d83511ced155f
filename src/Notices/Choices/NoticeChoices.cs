using Guerdon.Kernel;
using Guerdon.People;
using Guerdon.Storage;
using Npgsql;

namespace Guerdon.Notices.Choices;

/// <summary>A kind of notice, and whether somebody gets it by e-mail.</summary>
/// <param name="Kind">One of <see cref="NoticeKinds"/>.</param>
/// <param name="Title">The same in words.</param>
/// <param name="MustBeTold">Whether it cannot be switched off.</param>
/// <param name="ByEmail">Whether e-mail is sent, where the company has set a mail server.</param>
public sealed record NoticeChoice(string Kind, string Title, bool MustBeTold, bool ByEmail);

/// <summary>What people want to be told by e-mail. The page has everything whatever they choose.</summary>
public static class NoticeChoices
{
    private const string ReadSql = "select kind, by_email from compensation.v_notice_choice where person_id = $1";

    private const string IsOnSql = "select exists (select from compensation.notice_way where way = 'email' and is_on)";

    private const string SaveSql = """
        insert into compensation.notice_choice as c (person_id, kind, by_email, changed_at)
        select $1, k.kind, k.by_email, $4 from unnest($2::text[], $3::boolean[]) as k (kind, by_email)
        on conflict (person_id, kind) do update set by_email = excluded.by_email, changed_at = excluded.changed_at
         where c.by_email <> excluded.by_email
        """;

    /// <summary>Every kind, and whether this person gets it by e-mail.</summary>
    public static async Task<IReadOnlyList<NoticeChoice>> OfAsync(
        NpgsqlDataSource db, PersonId person, CancellationToken ct)
    {
        var rows = await db.ReadAsync(
            ReadSql, row => (Kind: row.Text("kind"), ByEmail: row.Bool("by_email")), [person.Value], ct);
        var chosen = rows.ToDictionary(row => row.Kind, row => row.ByEmail, StringComparer.Ordinal);
        return
        [
            .. from kind in NoticeKinds.All
               let own = chosen.TryGetValue(kind.Name, out var byEmail) ? byEmail : (bool?)null
               select new NoticeChoice(kind.Name, kind.Title, kind.MustBeTold, NoticeKinds.IsMailed(kind.Name, own)),
        ];
    }

    /// <summary>Whether the company sends notices by e-mail at all.</summary>
    public static Task<bool> IsEmailOnAsync(NpgsqlDataSource db, CancellationToken ct) =>
        db.ScalarAsync<bool>(IsOnSql, [], ct);

    /// <summary>Why a choice cannot be made, or null. No I/O.</summary>
    public static Refused? Wrong(IReadOnlyDictionary<string, bool> choices)
    {
        var unknown = choices.Keys.Where(name => NoticeKinds.Find(name) is null)
            .Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0)
            return NoticeRefusals.KindUnknown.With(
                $"There is no kind {string.Join(", ", unknown.Take(5).Select(name => $"'{name}'"))}.");
        var must = choices.Where(choice => !choice.Value && NoticeKinds.Find(choice.Key)!.MustBeTold)
            .Select(choice => choice.Key).Order(StringComparer.Ordinal).ToArray();
        return must.Length == 0 ? null : NoticeRefusals.MustBeTold.With($"{string.Join(", ", must)} must be told.");
    }

    /// <summary>Saves what somebody chose for some kinds; the others stay as they are. Safe to repeat.</summary>
    /// <returns>Why it was not saved, or null. Then nothing changed.</returns>
    public static async Task<Refused?> SaveAsync(
        NpgsqlDataSource db, PersonId person, IReadOnlyDictionary<string, bool> choices, DateTimeOffset at,
        CancellationToken ct)
    {
        if (Wrong(choices) is { } wrong) return wrong;
        await db.ExecuteAsync(
            SaveSql, [person.Value, choices.Keys.ToArray(), choices.Values.ToArray(), at.ToMicros()], ct);
        return null;
    }
}
