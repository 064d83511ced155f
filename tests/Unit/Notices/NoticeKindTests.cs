using System.Text.RegularExpressions;
using Guerdon.Notices;
using Guerdon.Unit.Architecture;

namespace Guerdon.Unit.Notices;

/// <summary>Every kind of notice is in one list, which says whether it must be told.</summary>
public sealed partial class NoticeKindTests
{
    // What is taken away, what becomes pay, what is refused, and what opens an account: nobody can switch these off.
    private static readonly string[] MustBeTold =
    [
        "claim_approved", "claim_declined", "conversion_declined", "conversion_lapsed", "conversion_reversed",
        "conversion_settled", "expiry_day", "expiry_week", "link_made", "link_used", "passkey_added",
        "passkey_refused", "passkey_removed", "password_changed", "rollover_day", "rollover_week",
    ];

    [Fact]
    public void Kinds_ThatMustBeTold_AreThese() => Assert.Equal(
        MustBeTold, NoticeKinds.All.Where(kind => kind.MustBeTold).Select(kind => kind.Name).Order());

    [Fact]
    public void Kinds_All_HaveNamesThatTheDatabaseTakesAndTitlesWithoutFigures()
    {
        Assert.True(NoticeKinds.All.Count > 10);
        Assert.Equal(NoticeKinds.All.Count, NoticeKinds.All.Select(kind => kind.Name).Distinct().Count());
        Assert.All(NoticeKinds.All, kind =>
        {
            Assert.Matches("^[a-z_]{1,40}$", kind.Name);
            Assert.Matches(@"^[A-Z][^\d\r\n]{5,77}$", kind.Title);
            Assert.Same(kind, NoticeKinds.Find(kind.Name));
        });
    }

    // A kind is a member of NoticeKinds, or it does not compile. This finds one that nothing gives, and a place that
    // writes notices past the writer.
    [Fact]
    public void Kinds_EachIsGivenSomewhereAndByTheWriterAlone()
    {
        var sources = Repository.Files("src", ".cs", ".sql")
            .Where(file => file is "src/Notices/LinkNotices.cs" or "src/Notices/AccountNotices.cs"
                || !file.StartsWith("src/Notices/", StringComparison.Ordinal)).Select(Repository.Read);
        var given = sources.SelectMany(text => Given().Matches(text)).Select(found => found.Groups[1].Value)
            .ToHashSet();
        var declared = typeof(NoticeKinds).GetFields().Where(field => field.FieldType == typeof(NoticeKind))
            .Select(field => field.Name);
        Assert.Equal(declared.Order(), given.Order());
        Assert.Equal(["src/Notices/NoticeWriter.cs"], Repository.Files("src", ".cs", ".sql").Where(file =>
            Repository.Read(file).Contains("insert into compensation.notice (", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("grant", null, true)]
    [InlineData("grant", true, true)]
    [InlineData("grant", false, false)]
    [InlineData("a_kind_of_an_earlier_program", false, true)]
    public void IsMailed_WhatAPersonChose_CountsForKindsThatNeedNotBeTold(string kind, bool? chosen, bool isMailed) =>
        Assert.Equal(isMailed, NoticeKinds.IsMailed(kind, chosen));

    [Fact]
    public void IsMailed_WhatMustBeTold_IsWhateverIsChosen() => Assert.All(
        NoticeKinds.All.Where(kind => kind.MustBeTold), kind => Assert.True(NoticeKinds.IsMailed(kind.Name, false)));

    [GeneratedRegex(@"\bNoticeKinds\.([A-Z]\w+)(?=[,;\)\s])")]
    private static partial Regex Given();
}
