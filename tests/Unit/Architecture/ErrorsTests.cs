using System.Reflection;
using System.Text;
using Guerdon.Kernel;

namespace Guerdon.Unit.Architecture;

/// <summary>Every refusal of every module, as docs/errors.md lists them.</summary>
public sealed class ErrorsTests
{
    private const string Head = """
        # Errors
        Every "no" that Guerdon expects to say. Codes are stable: clients branch on them. `/api` sends them as
        ProblemDetails (`title` is the code, with `retryable` and `nextStep`), the gateway in the error format of the
        caller's provider. On the command line all end with exit code 1.

        This page is written from the code: `GUERDON_UPDATE=1 ./test Unit -class Guerdon.Unit.Architecture.ErrorsTests`.

        """;

    // Codes are stable: what was one module when they were named has one word.
    private static readonly Dictionary<string, string> WordOf = new()
    {
        ["Dialects"] = "gateway", ["Relay"] = "gateway", ["Policies"] = "gateway", ["Providers"] = "gateway",
        ["Tuning"] = "gateway", ["Client"] = "cli",
        ["Identity"] = "host", ["Grants"] = "compensation", ["Vesting"] = "compensation", ["Payroll"] = "compensation",
        ["Offers"] = "compensation",
        ["Notices"] = "compensation", ["Statements"] = "compensation", ["Kernel"] = "compensation",
    };

    private static readonly (string Module, Refusal Refusal)[] All = [.. RefusalList.Of(Modules.Assemblies)];

    // So that every problem's type leads to a page: the program finds its modules' lists as the documents do.
    [Fact]
    public void Program_KnowsEveryRefusal() =>
        Assert.Equal(All, RefusalList.Of(RefusalList.AssembliesOf(Assembly.Load("guerdon"))));

    [Fact]
    public void Docs_ListEveryRefusal() => Repository.AssertGenerated("docs/errors.md", Page());

    [Fact]
    public void Codes_AreUniqueAndNamedAfterTheirModule()
    {
        Assert.Equal(All.Length, All.Select(r => r.Refusal.Code).Distinct().Count());
        Assert.All(All, r => Assert.StartsWith(
            WordOf.GetValueOrDefault(r.Module, r.Module.ToLowerInvariant()) + ".", r.Refusal.Code,
            StringComparison.Ordinal));
    }

    [Fact]
    public void Refusals_SayWhatToDoAndAreNobodysBug() => Assert.All(All, r =>
    {
        Assert.True(r.Refusal.Status is (>= 400 and < 500) or (> 500 and < 600), r.Refusal.ToString());
        Assert.True(r.Refusal.NextStep is [.., '.'], r.Refusal.ToString());
    });

    private static string Page()
    {
        var page = new StringBuilder(Head);
        foreach (var module in All.GroupBy(r => r.Module))
        {
            page.Append("\n## ").Append(module.Key).Append('\n');
            page.Append("| code | status | retry | what to do |\n|---|---|---|---|\n");
            foreach (var (_, r) in module)
            {
                page.Append("| `").Append(r.Code).Append("` | ").Append(r.Status)
                    .Append(r.Retryable ? " | yes | " : " | no | ")
                        .Append(r.NextStep.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
            }
        }

        return page.ToString();
    }
}
