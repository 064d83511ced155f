using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Guerdon.Host.Running;
using Guerdon.Unit.Architecture;
using Microsoft.Extensions.Options;

namespace Guerdon.Unit.Host;

/// <summary>What a setting may be is said where it is declared, and checked when the program starts.</summary>
public sealed class SettingsTests
{
    private static readonly Type[] Limited = [typeof(int), typeof(long), typeof(TimeSpan)];

    private static readonly IReadOnlyList<Type> Options =
    [
        .. Modules.Assemblies.SelectMany(module => module.GetTypes())
            .Where(type => type.GetField("Section")?.IsLiteral is true),
    ];

    [Fact]
    public void Settings_NumbersAndTimes_HaveARangeThatTheirDefaultIsIn()
    {
        var wrong = new List<string>();
        foreach (var type in Options)
        {
            var standard = Activator.CreateInstance(type)!;
            foreach (var property in type.GetProperties().Where(p => Limited.Contains(p.PropertyType)))
            {
                var range = property.GetCustomAttribute<RangeAttribute>();
                if (range is null || !range.IsValid(property.GetValue(standard)))
                    wrong.Add($"{type.Name}.{property.Name}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(Options.Count >= 6, "The options were not found.");
    }

    [Fact]
    public void Faults_AreSaidByTheSettingsName()
    {
        var outside = new OptionsValidationException("", typeof(Guerdon.Ledger.LedgerOptions),
            ["DataAnnotation validation failed for 'LedgerOptions' members: 'Lanes' with the error: "
                + "'The field Lanes must be between 1 and 16.'."]);
        Assert.Equal("GUERDON_CONFIG_Ledger__Lanes: Lanes must be between 1 and 16.", SettingFaults.In(outside));
        Assert.Equal("GUERDON_CONFIG_A__B is not a time: write it as 00:00:10.", SettingFaults.In(
            new InvalidOperationException(
                "Failed to convert configuration value 'x' at 'A:B' to type 'System.TimeSpan'.")));
        Assert.Null(SettingFaults.In(new InvalidOperationException("A bug.")));
        Assert.Null(SettingFaults.In(new AggregateException(new InvalidOperationException("A bug."))));
    }
}
