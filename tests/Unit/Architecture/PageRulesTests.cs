using System.CommandLine;
using System.Text.RegularExpressions;
using Guerdon.Cli;
using Guerdon.Host.Verbs;

namespace Guerdon.Unit.Architecture;

/// <summary>What every page keeps to, read from its source; tests/Browser sees that it works.</summary>
public sealed partial class PageRulesTests
{
    /// <summary>Forms that only sign in or out: a repeat does no harm, and they must work from an old page.</summary>
    private static readonly string[] OfSignIn =
    [
        "src/Web/SignIn/SignInPage.razor", "src/Web/SignIn/ConfirmPage.razor", "src/Web/Shared/MainLayout.razor",
        "src/Web/SignIn/LinkPage.razor", // its link works once
        "src/Web/SignIn/PasswordPage.razor", // the present password is another then
        "src/Web/SignIn/PasskeyForm.razor", // a challenge is answered once
    ];

    private static IEnumerable<string> OfPages =>
        new[] { "src/Admin", "src/Web" }.SelectMany(module => Repository.Files(module, ".razor", ".cs"));

    [Fact]
    public void Forms_ThatChangeSomething_AreSpentOnce() => Assert.Empty(
        from file in Repository.Files("src", ".razor")
        from Match form in Form().Matches(Repository.Read(file))
        where !form.Value.Contains(
            OfSignIn.Contains(file) ? "<AntiforgeryToken />" : "<FormToken", StringComparison.Ordinal)
        select $"{file}: {form.Value[..60]}…");

    [Fact]
    public void Forms_OfEveryPage_AreShownToThoseWhoMaySendThem()
    {
        var forms =
            (from file in Repository.Files("src", ".razor")
             let text = Repository.Read(file)
             from Match form in NamedForm().Matches(text)
             let word = form.Groups[1].Value is { Length: > 0 } named ? named : "all"
             select (What: $"{file}: {form.Value}", IsShownToThose: text[..form.Index].TrimEnd().EndsWith(
                 $"<IfMay Form=\"{word}\">", StringComparison.Ordinal))).ToList();
        Assert.True(forms.Count > 25, $"Only {forms.Count} forms were found.");
        Assert.Empty(forms.Where(form => !form.IsShownToThose).Select(form => form.What));
    }

    // What a browser keeps is a cookie that CookieTests looks at, and goes with the session.
    [Fact]
    public void Scripts_StoreNothingInTheBrowser() => Assert.Empty(
        from file in Repository.Files("src/Web/Assets", ".js")
        from Match store in Stores().Matches(Repository.Read(file))
        select $"{file}: {store.Value}");

    // So that an act that a page refuses is noted as refused, though its answer is a redirect.
    [Fact]
    public void Refusals_OfForms_AreShownByOneComponent() => Assert.Empty(
        from file in Repository.Files("src", ".razor")
        let text = Repository.Read(file)
        where text.Contains("<FormToken", StringComparison.Ordinal)
            || text.Contains("[FormNeeds(", StringComparison.Ordinal)
        from Match found in Problem().Matches(text)
        where !found.Value.Contains("It asks from", StringComparison.Ordinal) // a warning, where a code came from
        select $"{file}: {found.Value}");

    // Razor escapes what a mixed attribute is made of: &amp; in it reaches the server as it stands.
    [Fact]
    public void Attributes_MadeOfSeveralParts_HaveNoEntity() => Assert.Empty(
        from file in Repository.Files("src", ".razor")
        from Match attribute in Mixed().Matches(Repository.Read(file))
        select $"{file}: {attribute.Value}");

    [Fact]
    public void Tables_AsCards_NameEachCell() => Assert.Empty(
        from file in Repository.Files("src", ".razor")
        from Match table in Records().Matches(Repository.Read(file))
        from Match cell in Cell().Matches(table.Value)
        where !cell.Value.Contains("data-label", StringComparison.Ordinal)
            && !cell.Value.Contains("class=\"wide\"", StringComparison.Ordinal)
            && !cell.Value.Contains("class=\"decide\"", StringComparison.Ordinal)
        select $"{file}: {cell.Value}");

    [Fact]
    public void Dates_AreWrittenByOneFormatter() => Assert.Empty(
        from file in OfPages
        where file != "src/Web/Shared/Show.cs"
        from Match found in DateFormat().Matches(Repository.Read(file))
        select $"{file}: {found.Value}");

    // What pages tell people to type.
    [Fact]
    public void Commands_ThatPagesName_AreVerbs()
    {
        var root = CliModule.Build(LocalVerbs.All());
        var named = OfPages
            .Where(file => !file.EndsWith("SealedPage.cs", StringComparison.Ordinal)) // names a key
            .SelectMany(
                file => Typed().Matches(Repository.Read(file)), (file, m) => (File: file, Line: m.Groups[1].Value))
            .ToList();

        Assert.True(named.Count >= 15, $"only {named.Count}");
        Assert.Empty(named.Where(n => !IsVerb(root, n.Line)).Select(n => $"{n.File}: guerdon {n.Line}"));
    }

    // Razor takes a blank between an expression and a block of code away, and what follows sticks to what it says.
    [Fact]
    public void Expressions_BeforeABlock_DoNotStickToWhatFollows() => Assert.Empty(
        from file in Repository.Files("src", ".razor")
        from Match found in BeforeBlock().Matches(Repository.Read(file))
        where !found.Value.Contains("<small>", StringComparison.Ordinal)
            && !found.Value.Contains("after\"", StringComparison.Ordinal)
        select $"{file}: {found.Value}");

    private static bool IsVerb(Command root, string line)
    {
        var at = root;
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (at.Subcommands.Count == 0) return true; // an argument
            if (at.Subcommands.FirstOrDefault(c => c.Name == word) is not { } next) return false;
            at = next;
        }

        return at.Subcommands.Count == 0;
    }

    [GeneratedRegex("localStorage|sessionStorage|indexedDB|serviceWorker|\\bcaches\\b|cookieStore")]
    private static partial Regex Stores();

    [GeneratedRegex("(?:<code>|[\"'])guerdon ([a-z-]+(?: [a-z-]+)*)(?=[ <\"'{])")]
    private static partial Regex Typed();

    [GeneratedRegex("@[\\w.]+(?:\\([^\n]*\\))?\\s*\n\\s*@(?:if|foreach)\\b[^\n]*\n\\s*\\{\\s*\n[^\n]*")]
    private static partial Regex BeforeBlock();

    [GeneratedRegex("<\\w+ [^>]*class=\"[^\"]*\\bproblem\\b[^>]*>[^<]{0,20}")]
    private static partial Regex Problem();

    [GeneratedRegex("<form method=\"post\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<form method=\"post\" @formname=\"(?:@\\(\\$\")?([a-z]*)[^>]*")]
    private static partial Regex NamedForm();

    [GeneratedRegex("[a-z-]+=\"[^\"]*(?:@[^\"]*&[a-z]+;|&[a-z]+;[^\"]*@)[^\"]*\"")]
    private static partial Regex Mixed();

    [GeneratedRegex("<table class=\"records\">.*?</table>", RegexOptions.Singleline)]
    private static partial Regex Records();

    [GeneratedRegex("<td\\b[^>]*>")]
    private static partial Regex Cell();

    [GeneratedRegex("ToString\\(\"[^\"]*(?:yy|MMM)[^\"]*\"|:yyyy[^}]*}|:d MMM[^}]*}")]
    private static partial Regex DateFormat();
}
