using System.ComponentModel.DataAnnotations;

namespace Guerdon.People.Departures;

/// <summary>What happens when the directory says that somebody leaves.</summary>
public sealed class LeavingOptions
{
    public const string Section = "People:Leaving";

    /// <summary>How long a proposal waits for HR's date or an approval before it falls by itself.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromDays(7);
}
