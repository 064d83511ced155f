using Guerdon.Kernel;
using Guerdon.Offers;
using Guerdon.Payroll.Settings;
using Guerdon.Payroll.Terms;
using Guerdon.Plans;
using Guerdon.Policies;
using Guerdon.Unit.Architecture;

namespace Guerdon.Unit.Grants;

/// <summary>What holds for every file that people write, shown on the examples that are shipped.</summary>
public class YamlLawTests
{
    private static IReadOnlyList<YamlError> Errors(string file, string yaml) => file switch
    {
        "plan.yaml" or "plan-full.yaml" => PlanFile.Read(yaml).Errors,
        "conversion.yaml" => ConversionTermsFile.Read(yaml, null).Errors,
        "payroll.yaml" => PayrollSettingsFile.Read(yaml).Errors,
        "policy.yaml" => PolicyFile.Read(yaml, _ => true).Errors,
        _ => OfferFile.Read(yaml).Errors,
    };

    public static TheoryData<string> Files =>
        ["plan.yaml", "plan-full.yaml", "conversion.yaml", "payroll.yaml", "policy.yaml", "offer.yaml"];

    // In every mapping, at the top or deep inside, a key that is not known is a slip of the pen, and said.
    [Theory, MemberData(nameof(Files))]
    public void Read_AnUnknownKeyAnywhere_IsNamed(string file)
    {
        var lines = Repository.Read($"examples/{file}").ReplaceLineEndings("\n").Split('\n');
        Assert.Empty(Errors(file, string.Join('\n', lines)));
        var tried = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            var key = line.TrimStart(' ', '-');
            if (!key.Contains(": ", StringComparison.Ordinal) && !key.EndsWith(':') || key[0] is '#' or '{') continue;
            var indent = new string(' ', line.Length - key.Length);
            // Before the key, so that it is in the same mapping; the mark of an item stays where it is.
            string[] with = [.. lines[..i], $"{line[..indent.Length]}zzz: 1", indent + key, .. lines[(i + 1)..]];
            var errors = Errors(file, string.Join('\n', with));
            if (IsFree(lines, i)) continue;
            Assert.True(errors.Count > 0, $"{file}:{i + 1} takes zzz beside '{key}'");
            tried++;
        }

        Assert.InRange(tried, 3, 1_000);
    }

    // Mappings whose keys are names that people choose: of currencies, of models.
    private static bool IsFree(string[] lines, int i)
    {
        for (var at = i; at >= 0; at--)
        {
            if (Indent(lines[at]) >= Indent(lines[i]) || lines[at].Trim().Length == 0) continue;
            return lines[at].Trim() is "rates:" or "levels:" or "teams:" or "countries:";
        }

        return false;

        static int Indent(string line) => line.Length - line.TrimStart(' ', '-').Length;
    }

    // Whatever line is missing, the file is either still good or says what is wrong, with a place in it.
    [Theory, MemberData(nameof(Files))]
    public void Read_ALineMissing_IsGoodOrSaysWhere(string file)
    {
        var lines = Repository.Read($"examples/{file}").ReplaceLineEndings("\n").Split('\n');
        var bad = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            string[] without = [.. lines[..i], .. lines[(i + 1)..]];
            var errors = Errors(file, string.Join('\n', without));
            if (errors.Count > 0) bad++;
            Assert.All(errors, error =>
            {
                Assert.InRange(error.Line, 1, without.Length + 1);
                Assert.False(string.IsNullOrWhiteSpace(error.Reason));
            });
        }

        Assert.True(bad > 0, "No line is needed.");
    }
}
